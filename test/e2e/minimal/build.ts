import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { root } from '../electron.ts'

/** An app of the real main process and preload around a small page and a host in memory: what is tested is ours alone. */
export const minimalApp = join(root, 'out', 'minimal')

export async function buildMinimal(): Promise<void> {
  const renderer = join(minimalApp, 'renderer')
  await mkdir(renderer, { recursive: true })
  await writeFile(
    join(minimalApp, 'package.json'),
    JSON.stringify({ name: 'switchboard', version: '0.1.0', type: 'module', main: './main/index.js' }),
  )
  await build({
    entryPoints: [join(import.meta.dirname, 'main.ts')],
    outfile: join(minimalApp, 'main', 'index.js'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    packages: 'external',
    define: { 'import.meta.env': '{}' },
    logLevel: 'warning',
  })
  await build({
    entryPoints: [join(root, 'src', 'preload', 'index.ts')],
    outfile: join(minimalApp, 'preload', 'index.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    external: ['electron'],
    logLevel: 'warning',
  })
  for (const file of ['index.html', 'page.js', 'page.css']) {
    await copyFile(join(import.meta.dirname, file), join(renderer, file))
  }
}
