import type { NativeImage, nativeImage } from 'electron'
import { grey, template } from './tray-images.ts'

/** The mark, small: black for macOS, which tints it itself, a grey that shows on light and dark panels elsewhere. */
export function trayIcon(
  images: Pick<typeof nativeImage, 'createEmpty'>,
  platform: NodeJS.Platform,
): NativeImage {
  const { once, twice } = platform === 'darwin' ? template : grey
  const icon = images.createEmpty()
  icon.addRepresentation({ scaleFactor: 1, dataURL: asDataUrl(once) })
  icon.addRepresentation({ scaleFactor: 2, dataURL: asDataUrl(twice) })
  icon.setTemplateImage(platform === 'darwin')
  return icon
}

function asDataUrl(png: string): string {
  return `data:image/png;base64,${png}`
}
