import type { CatchUp } from '../catchup/catch-up.ts'
import type { Clock, Log } from '../ports.ts'

/** Who said STOP while nobody listened is known before anything goes out (decisions/0009). */
export interface ReadFirst {
  /** Holds what waits to be sent, and begins a reading, by itself the next one. */
  readThenSend: (read?: () => void) => void
  /** A reading has ended. */
  ended: () => void
  /** The program ends. What is held stays so: it goes out after the next start's reading. */
  stop: () => void
}

interface Parts {
  catchUp: Pick<CatchUp, 'now' | 'idle' | 'isUnreached'>
  /** Nothing goes out until the function given back is called. */
  hold: () => () => void
  /** What Twilio's clock showed when it last answered anything (ms); undefined before the first answer. */
  heardAt: () => number | undefined
  clock: Clock
  log: Log
}

/** What waits to be sent waits so long for the lists of a Twilio that answers, and no longer, ms. */
const HELD_AT_MOST = 20_000

/**
 * Lets go as soon as a reading has ended, well or not: lists that fail for reasons of their own must not keep an answer
 * back, nor may reasons to read that come one after another. Only where Twilio could not be reached at all it holds until
 * a reading has reached it, for then nothing could be sent either, and what is sent the moment the network is back would
 * go out before the lists were read once.
 */
export function createReadFirst({ catchUp, hold, heardAt, clock, log }: Parts): ReadFirst {
  let letGo: (() => void) | undefined
  let takeBack: (() => void) | undefined
  let isUnread = false
  /** What Twilio had answered when the last reading ended. */
  let heard: number | undefined
  /** Twilio answers again, and the reading that found it so has had its time once. */
  let hasHadTime = false

  function begin(): void {
    if (letGo) return
    letGo = hold()
    wait()
  }

  function wait(): void {
    takeBack = clock.after(HELD_AT_MOST, () => {
      const isSilent = heardAt() === heard
      if (catchUp.isUnreached() && (isSilent || !hasHadTime)) {
        hasHadTime = !isSilent
        return wait()
      }
      log.warn('Twilio’s lists are not read yet; what waits to be sent waits for them no longer')
      end()
    })
  }

  function end(): void {
    takeBack?.()
    letGo?.()
    takeBack = letGo = undefined
    hasHadTime = false
  }

  async function look(): Promise<void> {
    await catchUp.idle()
    if (!isUnread) return
    if (catchUp.isUnreached()) {
      heard = heardAt()
      hasHadTime = false
      return begin()
    }
    isUnread = false
    end()
  }

  return {
    readThenSend(read = () => catchUp.now()) {
      isUnread = true
      begin()
      read()
    },
    ended() {
      void look()
    },
    stop() {
      isUnread = false
      takeBack?.()
      takeBack = undefined
    },
  }
}
