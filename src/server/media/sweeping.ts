import type { Clock, Log } from '../ports.ts'
import type { AttachedFiles } from '../store/index.ts'

/** ms after the start: by then an open page has said which files its drafts hold. */
const FIRST = 10 * 60_000
const EVERY = 24 * 3_600_000

interface Options {
  attached: Pick<AttachedFiles, 'sweep'>
  clock: Clock
  log: Log
}

/** Lets go, once a day, of files that were attached and never sent. Returns how to stop. */
export function sweepDaily({ attached, clock, log }: Options): () => void {
  let cancel: () => void = () => undefined
  const again = (ms: number): void => {
    cancel = clock.after(ms, () => {
      again(EVERY)
      attached.sweep().then(
        (days) => {
          if (days > 0) log.info('Files that were attached and never sent were removed')
        },
        (error: unknown) => {
          log.warn(`Files attached and never sent could not be removed: ${String(error)}`)
        },
      )
    })
  }
  again(FIRST)
  return () => {
    cancel()
  }
}
