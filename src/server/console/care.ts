import type { Handlers } from '../../shared/contract.ts'
import type { Clock, Log } from '../ports.ts'
import type { BackupMade, Room } from '../store/index.ts'
import { type SupportFacts, supportLog } from './support-log.ts'

interface CareParts {
  store: { backup(): Promise<BackupMade>; room(): Promise<Room> }
  clock: Clock
  log: Log
  /** The newest lines of the log; undefined where it is not kept in a file. */
  newestLog: (() => Promise<string>) | undefined
  facts: () => Omit<SupportFacts, 'log' | 'at'>
  /** The disk was looked at. */
  changed: () => void
}

/** Looking after the data: how much room there is, a backup at a press, and a log to send to somebody who helps. */
export interface Care {
  readonly room: Room | undefined
  readonly handlers: Pick<Handlers, 'backup.now' | 'support.log'>
  start(): void
  /** The disk is not looked at any more. */
  stop(): void
}

const LOOK_EVERY_MS = 600_000

export function createCare({ store, clock, log, newestLog, facts, changed }: CareParts): Care {
  let room: Room | undefined
  let isStopped = false
  let cancel: () => void = () => undefined
  let isLooking = false
  let isStale = false

  async function look(): Promise<void> {
    // One look at a time: a clock that jumps over days falls due many times at once. What changed meanwhile is looked at after.
    isStale = isLooking
    if (isLooking) return
    isLooking = true
    try {
      room = await store.room()
      if (!isStopped) changed()
    } catch (error) {
      log.warn(`The room on the disk could not be told: ${String(error)}`)
    } finally {
      isLooking = false
    }
    if (isStale && !isStopped) await look()
  }

  /** Also where the log can't be read: that is when somebody needs help. */
  async function logOfLate(): Promise<string> {
    try {
      return (await newestLog?.()) ?? ''
    } catch (error) {
      return `The log could not be read: ${error instanceof Error ? error.message : String(error)}`
    }
  }

  function again(): void {
    cancel()
    if (isStopped) return
    void look()
    cancel = clock.after(LOOK_EVERY_MS, again)
  }

  return {
    get room() {
      return room
    },
    handlers: {
      'backup.now': async () => {
        const { file, bytes } = await store.backup()
        again()
        return { file, bytes }
      },
      'support.log': async () => {
        const at = new Date(clock.now()).toISOString()
        const text = supportLog({ ...facts(), at, log: await logOfLate() })
        return { name: `switchboard-help-${at.slice(0, 19).replaceAll(':', '-')}.txt`, text }
      },
    },
    start: again,
    stop() {
      // What is being looked at is not waited for: it changes nothing, and a failing disk may never answer.
      isStopped = true
      cancel()
    },
  }
}
