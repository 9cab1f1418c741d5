import { fileTypeFromBuffer } from 'file-type'
import { imageSize } from 'image-size'

export interface Described {
  content_type: string
  width?: number
  height?: number
}

export const UNKNOWN_TYPE = 'application/octet-stream'

/**
 * What the beginning of a file says it is. The sender chooses the type they claim, so the claim is worth nothing. Markup
 * (HTML, SVG, XML) is a file like any other that is not known: it may carry script.
 */
export async function contentType(head: Uint8Array): Promise<string> {
  // Damaged files make it throw; they are then of no known type.
  const type = await fileTypeFromBuffer(head).catch(() => undefined)
  return type === undefined || /xml|html|svg/.test(type.mime) ? UNKNOWN_TYPE : type.mime
}

/** Its type, and of a picture how large it is to be looked at. */
export async function describe(head: Uint8Array): Promise<Described> {
  const content_type = await contentType(head)
  const size = content_type.startsWith('image/') ? sizeOf(head) : undefined
  return { content_type, ...size }
}

/** EXIF orientations from here on lie on their side. */
const FIRST_TURNED = 5

function sizeOf(head: Uint8Array): { width: number; height: number } | undefined {
  try {
    const { width, height, orientation = 1 } = imageSize(head)
    if (!(width > 0 && height > 0)) return undefined
    return orientation >= FIRST_TURNED ? { width: height, height: width } : { width, height }
  } catch {
    return undefined
  }
}
