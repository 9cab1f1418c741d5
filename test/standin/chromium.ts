/** The Chromium that npm installed (inside @sparticuz/chromium), unpacked once into a cache folder of the project's. */
import { spawnSync } from 'node:child_process'
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress } from 'node:zlib'
import { extract } from 'tar-stream'

const root = join(import.meta.dirname, '..', '..')
const source = join(root, 'node_modules', '@sparticuz', 'chromium')

export interface TestChromium {
  executable: string
  /** To be added to the environment Chromium starts in. */
  env: Record<string, string>
}

/**
 * Where Chromium is; unpacks it first if need be (2 s). STANDIN_CHROMIUM names another one.
 * Throws with what to do when there is none for this system.
 */
export async function testChromium(): Promise<TestChromium> {
  const given = process.env['STANDIN_CHROMIUM']
  if (given) return { executable: given, env: {} }
  if (process.platform !== 'linux') return { executable: installedChrome(), env: {} }
  const folder = await unpacked()
  const executable = join(folder, 'chromium')
  return { executable, env: { ...missingLibraries(executable, folder), ...fonts(folder) } }
}

/** Unpacks beside its place and renames, so that of several runs at once none sees half of it. */
async function unpacked(): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as { version: string }
  const cache = join(root, 'node_modules', '.cache', 'switchboard')
  const folder = join(cache, `chromium-${version}`)
  if (existsSync(folder)) return folder
  mkdirSync(cache, { recursive: true })
  const half = mkdtempSync(join(cache, 'unpacking-'))
  await pipeline(
    createReadStream(join(source, 'bin', 'chromium.br')),
    createBrotliDecompress(),
    createWriteStream(join(half, 'chromium'), { mode: 0o755 }),
  )
  await untar('al2023.tar.br', half)
  await untar('fonts.tar.br', half)
  writeFileSync(join(half, 'fonts.conf'), FONTS_CONF)
  try {
    renameSync(half, folder)
  } catch (error) {
    // Another run was first.
    if (!existsSync(folder)) throw error
    rmSync(half, { recursive: true, force: true })
  }
  return folder
}

async function untar(name: string, folder: string): Promise<void> {
  const files = extract()
  const written = (async () => {
    for await (const entry of files) {
      const target = join(folder, entry.header.name)
      if (entry.header.type === 'file') {
        mkdirSync(dirname(target), { recursive: true })
        await pipeline(entry, createWriteStream(target, { mode: 0o755 }))
      } else {
        entry.resume()
      }
    }
  })()
  await pipeline(createReadStream(join(source, 'bin', name)), createBrotliDecompress(), files)
  await written
}

/** A bare machine lacks the NSS libraries; the package carries them for Amazon's Linux, and they fit. */
function missingLibraries(executable: string, folder: string): Record<string, string> {
  const { stdout, error } = spawnSync('ldd', [executable], { encoding: 'utf8' })
  if (!error && !stdout.includes('not found')) return {}
  const inherited = process.env['LD_LIBRARY_PATH']
  return { LD_LIBRARY_PATH: [join(folder, 'lib'), ...(inherited ? [inherited] : [])].join(':') }
}

const FONTS_CONF = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir prefix="relative">fonts</dir><cachedir prefix="xdg">fontconfig</cachedir></fontconfig>
`

/** Without any font a page has no text to measure. */
function fonts(folder: string): Record<string, string> {
  return existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_FILE: join(folder, 'fonts.conf') }
}

const CHROMES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
]

function installedChrome(): string {
  const found = CHROMES.find((file) => existsSync(file))
  if (!found) throw new Error('These tests need Chrome, or STANDIN_CHROMIUM with the path of a Chromium.')
  return found
}
