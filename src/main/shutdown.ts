/** Milliseconds the server may take to finish what is under way; Windows ends a slow app anyway. */
export const CLOSE_LIMIT_MS = 10_000

/**
 * Quitting that finishes first. `finish` runs once, whatever asks to quit and however often; the second time round
 * nothing stands in the way. What is acknowledged is durable already, so a server that hangs may be left.
 */
export function quitWhenFinished(
  app: { quit(): void },
  finish: () => Promise<void>,
  after: (ms: number, task: () => void) => () => void,
  limit = CLOSE_LIMIT_MS,
): (event: { preventDefault(): void }) => void {
  let state: 'running' | 'finishing' | 'finished' = 'running'
  const finished = () => {
    if (state === 'finished') return
    state = 'finished'
    app.quit()
  }
  return (event) => {
    if (state === 'finished') return
    event.preventDefault()
    if (state === 'finishing') return
    state = 'finishing'
    const cancel = after(limit, finished)
    void finish()
      .catch(() => undefined)
      .then(() => {
        cancel()
        finished()
      })
  }
}
