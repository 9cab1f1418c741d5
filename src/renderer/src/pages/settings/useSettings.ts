import { useCallback } from 'react'
import type { RequestInput, Result, SettingsView, Undoable } from '../../../../shared/contract.ts'
import { useConsole } from '../../state/app.ts'
import { useCell } from '../../state/cell.ts'
import type { Console } from '../../state/console.ts'
import { useAsk } from '../../state/useAsk.ts'
import { useRead } from '../../state/useRead.ts'

async function read(console: Console): Promise<string> {
  const result = await console.ask('settings.get', {})
  if (result.ok) console.settings.set(result.value)
  return result.ok ? '' : result.error.message
}

/** Settings, channels and templates as they are now; another window may have changed them. */
async function readAgain(console: Console): Promise<void> {
  const [channels, templates] = await Promise.all([
    console.ask('channels.list', {}),
    console.ask('templates.list', {}),
    read(console),
  ])
  if (channels.ok) console.channels.set(channels.value)
  if (templates.ok) console.templates.set(templates.value)
}

/** The settings of this world, read when first looked at. */
export function useSettings(): { settings: SettingsView | null; problem: string; retry: () => void } {
  const settings = useCell(useConsole().settings)
  return { settings, ...useRead(read) }
}

type Kept = 'settings.set' | 'channels.save' | 'templates.remove'

/**
 * Does it, reads what is so now, and says so with the way back. Answers with why it was refused, for the words beside
 * the field; null when it was not.
 */
export function useKeep() {
  const console = useConsole()
  return useCallback(
    async <N extends Kept>(name: N, input: RequestInput<N>): Promise<string | null> => {
      const result: Result<Undoable> = await console.ask(name, input)
      if (!result.ok) {
        // Another window was first: the page is to show what that one made of it.
        if (result.error.code === 'setting_changed') await read(console)
        return result.error.message
      }
      await readAgain(console)
      const { done, undo } = result.value
      console.toasts.say(done, () => void console.undo(undo).then(() => readAgain(console)))
      return null
    },
    [console],
  )
}

/** One setting: `set` keeps a value at once; `error` is why the last one was refused. */
export function useSetting(key: string): {
  busy: boolean
  error: string | undefined
  /** `from`: what the change began from, so that another window's is not written over unasked. */
  set: (value: unknown, from?: unknown) => Promise<boolean>
} {
  const keep = useKeep()
  const { busy, problem, run } = useAsk()
  const set = (value: unknown, from?: unknown) =>
    run(() => keep('settings.set', { key, value, ...(from !== undefined && { from }) }))
  return { busy, error: problem ?? undefined, set }
}
