import { EventEmitter } from 'node:events'
import type * as Electron from 'electron'
import type { Protocol } from './cdp.ts'
import { host } from './host.ts'
import { type Impl, strict } from './strict.ts'

let source: Electron.NativeTheme['themeSource'] = 'system'
/** Told when the theme changes: the pages that show it. */
export const themedPages = new Set<(media: Protocol.Emulation.setEmulatedMediaParameters) => void>()

/** The system of the stand-in is light, unless started with --force-dark-mode. */
function isDark(): boolean {
  return source === 'dark' || (source === 'system' && host.switches.has('force-dark-mode'))
}

export function themeMedia(): Protocol.Emulation.setEmulatedMediaParameters {
  return { features: [{ name: 'prefers-color-scheme', value: isDark() ? 'dark' : 'light' }] }
}

const emitter = new EventEmitter()
export const nativeTheme = strict(
  'nativeTheme',
  {
    get themeSource() {
      return source
    },
    set themeSource(wanted) {
      source = wanted
      for (const show of themedPages) show(themeMedia())
      emitter.emit('updated')
    },
    get shouldUseDarkColors() {
      return isDark()
    },
  } satisfies Impl<Electron.NativeTheme>,
  emitter,
)
