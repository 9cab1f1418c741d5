import type { Id, MediaItem, Message } from '../../shared/documents.ts'
import { SwitchboardError } from '../../shared/errors.ts'
import { isAwaited } from '../../shared/media.ts'
import type { MediaSource } from '../carrier/twilio-media.ts'
import type { EditMessage } from '../intake/edits.ts'
import type { Clock, Log } from '../ports.ts'
import type { Blobs } from '../store/blobs.ts'
import type { Download, Store } from '../store/types.ts'
import { isOver } from '../waits.ts'
import { type Fetched, fetchOne, GONE } from './fetch-one.ts'

export interface DownloadsOptions {
  store: Pick<Store, 'downloads' | 'find' | 'commit' | 'onCommit'>
  blobs: Pick<Blobs, 'put'>
  /** Where the files are; undefined while there is no account, and everything waits. */
  source: () => MediaSource | undefined
  edit: EditMessage
  clock: Clock
  log: Log
  /** ms before attempt number `attempts` + 1. */
  wait: (attempts: number) => number
  /** Messages whose files are fetched at once. */
  atOnce?: number
}

/** Brings the files of messages here: every message that awaits some is on the store's list, whatever way it came. */
export interface Downloads {
  start(): void
  /** Takes no more, and resolves when nothing is under way; what is broken off is begun again at the next start. */
  stop(): Promise<void>
  /** Asks again for a file that failed. Throws SwitchboardError no_such_message, not_possible. */
  retry(id: Id, index: number): Promise<Message>
  /** The account can be used again, or is another: what waits for its next try has it at once. */
  resume(): void
  /** Resolves when nothing is under way or ready to go; what waits for the clock doesn't count. */
  idle(): Promise<void>
}

type Settled = Exclude<Fetched, { kind: 'missing' }>

/** A recording is told of before it can be fetched, a picture before every server of theirs has it (ms). */
const MAY_COME_WITHIN_MS = 3_600_000
/** Attempts before a file counts as failed: some three hours. */
const MOST_ATTEMPTS = 12
/** ms until it is looked again whether there is an account, and until a disk that refused is tried again. */
const LOOK_AGAIN_MS = 30_000
/** Longer (ms) nothing waits: `wait` says an hour at most, Twilio's hints are shorter. */
const LONGEST_WAIT_MS = 3_700_000

export function createDownloads(options: DownloadsOptions): Downloads {
  const { store, blobs, edit, clock, log, atOnce = 3 } = options
  const busy = new Set<Id>()
  /** After a refusal of the disk, which can't be noted on it: not before then (ms). */
  const held = new Map<Id, number>()
  /** These go at once, whatever they wait for. */
  const hurried = new Set<Id>()
  const ending = new AbortController()
  let running = false
  let pausedUntil = 0
  let cancelAlarm: (() => void) | undefined
  let stopListening: (() => void) | undefined
  let waiters: (() => void)[] = []

  function pump(): void {
    cancelAlarm?.()
    cancelAlarm = undefined
    if (!running || busy.size >= atOnce) return
    const rows = store.downloads()
    if (rows.length === busy.size) return
    const source = options.source()
    if (!source) return wakeAt(clock.now() + LOOK_AGAIN_MS)
    let soonest = Number.POSITIVE_INFINITY
    for (const row of rows) {
      if (busy.has(row._id)) continue
      const due = Math.max(
        pausedUntil,
        held.get(row._id) ?? 0,
        row.not_before && !hurried.has(row._id) ? Date.parse(row.not_before) : 0,
      )
      if (isOver(due, clock.now(), LONGEST_WAIT_MS)) void run(row, source)
      else soonest = Math.min(soonest, due)
      if (busy.size >= atOnce) return
    }
    if (soonest < Number.POSITIVE_INFINITY) wakeAt(soonest)
  }

  function wakeAt(time: number): void {
    cancelAlarm = clock.after(time - clock.now(), pump)
  }

  /** Never rejects. */
  async function run(row: Download, source: MediaSource): Promise<void> {
    busy.add(row._id)
    held.delete(row._id)
    hurried.delete(row._id)
    try {
      await fetchAll(row, source)
    } catch (error) {
      held.set(row._id, clock.now() + LOOK_AGAIN_MS)
      log.error(`The files of message ${row._id} wait`, error)
    } finally {
      busy.delete(row._id)
      pump()
      if (busy.size === 0) {
        const done = waiters
        waiters = []
        for (const resolve of done) resolve()
      }
    }
  }

  async function fetchAll(row: Download, source: MediaSource): Promise<void> {
    const message = await store.find(row._id)
    if (!message?.media.some(isAwaited)) return takeOff(row._id)
    let later: Extract<Settled, { kind: 'later' }> | undefined
    for (const [index, item] of message.media.entries()) {
      if (!isAwaited(item)) continue
      const fetched = orGone(message, await fetchOne(item, source, blobs, ending.signal))
      if (ending.signal.aborted && fetched.kind !== 'here') return
      if (fetched.kind === 'later' && !(fetched.counts && row.attempts + 1 >= MOST_ATTEMPTS)) {
        later = fetched
        if (fetched.wait === undefined) continue
        // Asked too often: nobody asks for a while.
        pausedUntil = Math.max(pausedUntil, clock.now() + fetched.wait)
        break
      }
      await put(message._id, index, item, fetched)
    }
    if (later) await postpone(row, later)
  }

  /** What a young message lacks may still come to where it is asked for; what an older one lacks is gone. */
  function orGone(message: Message, fetched: Fetched): Settled {
    if (fetched.kind !== 'missing') return fetched
    const age = clock.now() - Date.parse(message.createdAt)
    if (age > MAY_COME_WITHIN_MS) return GONE
    return { kind: 'later', problem: GONE.problem, counts: true }
  }

  /** Writes what came of one file into its message, unless that has changed since. */
  async function put(id: Id, index: number, item: MediaItem, fetched: Settled): Promise<void> {
    if (fetched.kind !== 'here') log.warn(`A file of message ${id} was not kept. ${fetched.problem}`)
    const change = (current: Message): Message | undefined => {
      const now = current.media[index]
      if (now?.url !== item.url || !isAwaited(now)) return undefined
      return { ...current, media: current.media.with(index, { ...now, ...outcome(fetched) }) }
    }
    await edit(id, change, { why: 'file' })
  }

  async function postpone(
    row: Download,
    { wait, counts }: { wait?: number; counts: boolean },
  ): Promise<void> {
    const attempts = row.attempts + 1
    const until = clock.now() + (wait ?? options.wait(attempts))
    const next: Download = {
      _id: row._id,
      // What nobody can be blamed for is waited for as long as it takes.
      attempts: counts ? attempts : Math.min(attempts, MOST_ATTEMPTS - 2),
      not_before: new Date(until).toISOString(),
      updatedAt: new Date(clock.now()).toISOString(),
    }
    await store.commit({ why: 'file', downloads: [next] })
  }

  async function takeOff(id: Id): Promise<void> {
    await store.commit({ why: 'file', removed: [{ collection: 'downloads', _id: id }] })
  }

  return {
    start() {
      running = true
      stopListening = store.onCommit((commit) => {
        if (commit.downloads) pump()
      })
      pump()
    },
    async stop() {
      running = false
      cancelAlarm?.()
      stopListening?.()
      ending.abort()
      await idle()
    },
    async retry(id, index) {
      const row = { _id: id, attempts: 0, updatedAt: new Date(clock.now()).toISOString() }
      const message = await store.find(id)
      const item = message?.media[index]
      if (!message || !item) throw new SwitchboardError('no_such_message', { id })
      if (item.file || item.url === '') return message
      const change = (current: Message): Message | undefined => {
        const now = current.media[index]
        if (!now || now.file) return undefined
        const { problem: _problem, gone: _gone, ...awaited } = now
        return { ...current, media: current.media.with(index, awaited) }
      }
      const asked = await edit(message._id, change, {
        why: 'file',
        downloads: [{ ...row, _id: message._id }],
      })
      if (!asked) throw new SwitchboardError('no_such_message', { id })
      return asked
    },
    resume() {
      pausedUntil = 0
      for (const { _id } of store.downloads()) hurried.add(_id)
      pump()
    },
    idle,
  }

  function idle(): Promise<void> {
    return busy.size === 0 ? Promise.resolve() : new Promise((resolve) => waiters.push(resolve))
  }
}

function outcome(fetched: Settled): Partial<MediaItem> {
  switch (fetched.kind) {
    case 'here':
      return { file: fetched.file }
    case 'never':
      return { problem: fetched.problem, ...(fetched.gone && { gone: true as const }) }
    case 'later':
      return { problem: fetched.problem }
  }
}
