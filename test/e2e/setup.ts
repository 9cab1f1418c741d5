import { testChromium } from '../standin/chromium.ts'
import { hasElectron } from './electron.ts'
import { buildMinimal } from './minimal/build.ts'

/** Once before all tests: the Chromium unpacked, and the small app that the desktop's own tests run on built. */
export default async function setup(): Promise<void> {
  // The browser console's tests want a Chromium even where real Electron runs.
  if (!hasElectron() || process.platform === 'linux') await testChromium()
  await buildMinimal()
}
