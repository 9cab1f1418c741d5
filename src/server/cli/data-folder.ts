import { posix, win32 } from 'node:path'
import type { Terminal } from './io.ts'

/** The desktop app's own data folder: Electron's userData for the name "Switchboard", and `data` in it. */
export function defaultDataFolder({
  env,
  platform,
  home,
}: Pick<Terminal, 'env' | 'platform' | 'home'>): string {
  switch (platform) {
    case 'win32':
      return win32.join(env['APPDATA'] ?? win32.join(home, 'AppData', 'Roaming'), 'Switchboard', 'data')
    case 'darwin':
      return posix.join(home, 'Library', 'Application Support', 'Switchboard', 'data')
    default:
      return posix.join(env['XDG_CONFIG_HOME'] || posix.join(home, '.config'), 'Switchboard', 'data')
  }
}
