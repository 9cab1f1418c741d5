// Draws build/icon.svg and build/tray.svg as the PNGs that installers and the tray want. Run by hand when a mark changes:
// `node scripts/draw-icons.mjs` (in Playwright's Chromium, or the one named by STANDIN_CHROMIUM).
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { prepare, root } from './setup.mjs'

await prepare(import.meta.url)

const executablePath = process.env['STANDIN_CHROMIUM']
const browser = await chromium.launch({
  ...(executablePath ? { executablePath } : {}),
  args: ['--no-sandbox', '--disable-gpu'],
})

/**
 * @param {string} file
 * @param {number} size pixels each way
 * @param {string} color of what is drawn in currentColor
 */
async function draw(file, size, color = '#000000') {
  const page = await browser.newPage({ viewport: { width: size, height: size } })
  const source = readFileSync(join(root, 'build', file), 'utf8')
  await page.setContent(
    `<style>body{margin:0;color:${color}}svg{display:block;width:${size}px;height:${size}px}</style>${source}`,
  )
  const png = await page.screenshot({ omitBackground: true })
  await page.close()
  return png
}

writeFileSync(join(root, 'build', 'icon.png'), await draw('icon.svg', 1024))

// The tray's are so small that they travel in the code: no file to find in a packed app.
const tray = {
  template: [await draw('tray.svg', 18), await draw('tray.svg', 36)],
  grey: [await draw('tray.svg', 20, '#8a8985'), await draw('tray.svg', 40, '#8a8985')],
}
const images = Object.entries(tray).map(([name, [once, twice]]) =>
  [
    `export const ${name} = {`,
    `  once: '${once?.toString('base64')}',`,
    `  twice: '${twice?.toString('base64')}',`,
    '}',
  ].join('\n'),
)
writeFileSync(
  join(root, 'src', 'main', 'tray-images.ts'),
  `// Drawn from build/tray.svg by scripts/draw-icons.mjs: PNGs at one and two pixels a point.\n${images.join('\n')}\n`,
)
await browser.close()
