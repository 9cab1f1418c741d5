import type { CatchUp } from '../catchup/catch-up.ts'

/** Who said STOP while nobody listened is known before anything goes out (decisions/0009). */
export interface ReadFirst {
  /** Holds what waits to be sent, and begins a reading, by itself the next one. */
  readThenSend: (read?: () => void) => void
  /** A reading has ended. */
  ended: () => void
}

interface Parts {
  catchUp: Pick<CatchUp, 'now' | 'idle' | 'isUnreached'>
  /** Nothing goes out until the function given back is called, or for a while. */
  hold: () => () => void
}

/**
 * Lets go as soon as a reading has ended, well or not: lists that fail for reasons of their own must not keep an answer
 * back. Only where Twilio could not be reached at all it holds on until it can be, for then nothing could be sent either,
 * and what is sent the moment the network is back would go out before the lists were read once.
 */
export function createReadFirst({ catchUp, hold }: Parts): ReadFirst {
  let letGo: (() => void) | undefined
  let isUnread = false

  function holdAnew(): void {
    const before = letGo
    letGo = hold()
    before?.()
  }

  async function look(): Promise<void> {
    await catchUp.idle()
    if (!isUnread) return
    if (catchUp.isUnreached()) return holdAnew()
    isUnread = false
    letGo?.()
    letGo = undefined
  }

  return {
    readThenSend(read = () => catchUp.now()) {
      isUnread = true
      holdAnew()
      read()
    },
    ended() {
      void look()
    },
  }
}
