/**
 * Milliseconds the server may take to finish what is under way; Windows ends a slow app anyway. A slow Twilio has 20 s of
 * it to take numbers back from a free subdomain.
 */
export const CLOSE_LIMIT_MS = 30_000

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
