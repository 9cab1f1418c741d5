import { useState } from 'react'
import type { RequestInput, RequestName } from '../../../../shared/contract.ts'
import type { LiveView } from '../../../../shared/live.ts'
import { useConsole } from '../../state/app.ts'
import { useCell } from '../../state/cell.ts'
import type { Console } from '../../state/console.ts'
import { useRead } from '../../state/useRead.ts'

type LiveRequest = Exclude<Extract<RequestName, `live.${string}`>, 'live.get'>

async function read(console: Console): Promise<string> {
  const result = await console.ask('live.get', {})
  if (result.ok) console.live.set(result.value)
  return result.ok ? '' : result.error.message
}

/** How going live stands, read when first looked at; from then on the feed tells of it. */
export function useLive(): { live: LiveView | null; problem: string; retry: () => void } {
  const live = useCell(useConsole().live)
  return { live, ...useRead(read) }
}

/** One act of a step: while it runs, and why it was refused, for the words beside what was pressed. */
export function useLiveAct() {
  const console = useConsole()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string>()
  const act = async <N extends LiveRequest>(name: N, input: RequestInput<N>): Promise<boolean> => {
    setBusy(true)
    setError(undefined)
    const result = await console.ask(name, input)
    if (!result.ok) setError(result.error.message)
    // What the feed told meanwhile may be newer than the answer.
    await read(console)
    setBusy(false)
    return result.ok
  }
  return { busy, error, act }
}
