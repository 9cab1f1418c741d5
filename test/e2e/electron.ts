import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '..', '..')
const electron = join(root, 'node_modules', 'electron')

/** Whether these tests run on real Electron: its binary is there, and APP_ELECTRON=standin does not say otherwise. */
export function hasElectron(): boolean {
  return process.env['APP_ELECTRON'] !== 'standin' && realElectron() !== null
}

function realElectron(): string | null {
  const pathFile = join(electron, 'path.txt')
  if (!existsSync(pathFile)) return null
  const executable = join(electron, 'dist', readFileSync(pathFile, 'utf8'))
  return existsSync(executable) ? executable : null
}

export interface Executable {
  path: string
  env: Record<string, string>
}

/** What is started as Electron. */
export function electronExecutable(): Executable {
  const real = hasElectron() ? realElectron() : null
  if (real !== null) return { path: real, env: {} }
  if (process.platform === 'win32') {
    throw new Error(
      'On Windows these tests need Electron itself: run `npx --no-install install-electron` first.',
    )
  }
  return {
    path: join(root, 'test', 'standin', 'electron'),
    env: { STANDIN_NODE: process.execPath },
  }
}
