import type { Id, MediaItem, Message } from '../../shared/documents.ts'
import { SwitchboardError } from '../../shared/errors.ts'
import type { Carrier } from '../carrier/carrier.ts'
import type { Clock, Ids, Log } from '../ports.ts'
import type { OutboxEntry, Store } from '../store/types.ts'
import { isOver } from '../waits.ts'
import { attempt } from './attempt.ts'
import { LONGEST_PUT_OFF } from './backoff.ts'
import type { Ahead } from './doubt.ts'
import { type AttemptContext, type Edit, UNSUBSCRIBED } from './ends.ts'
import { type Addressed, type Blocked, Lanes, jobOf, type Job } from './lanes.ts'
import { prepare, type Draft, type Prepared } from './prepare.ts'
import { hasCarrierSid, localSid, withEarlier } from './status-order.ts'
import { createStatusAsking } from './statuses.ts'
import { createWatch, tellDoubts } from './watch.ts'

export interface OutboxOptions {
  store: Pick<Store, 'commit' | 'find' | 'mayHave' | 'channels' | 'outbox' | 'outboxEntry' | 'onCommit'>
  /** The carrier of the account set now; undefined while there is none, and everything waits. */
  carrier: () => Carrier | undefined
  clock: Clock
  ids: Ids
  log: Log
  /** Where the world reaches our webhooks, without a slash at the end; undefined while it doesn't. */
  statusCallbackBase: () => string | undefined
  /** Where the carrier may fetch a file; by default where it was said to be. */
  mediaUrl?: (item: MediaItem) => string | undefined
  mayWrite?: (to: Addressed) => Blocked | undefined
  /** The carrier refused a message because its contact unsubscribed there (21610); resolves when that is kept. */
  optedOut?: (message: Message) => Promise<void>
  /** What the carrier's clock showed when it last answered (ms), so that ours may be wrong. */
  heardAt?: () => number | undefined
  ahead?: Ahead
  /** See {@link Edit}; by default the message alone, without its session. */
  edit?: Edit
  /** In [0, 1); for the jitter. */
  random?: () => number
  /** Messages in flight at once. */
  atOnce?: number
}

export interface Outbox {
  /** The documents of a message on its way out. Commit them with its session, then kick(). */
  prepare(draft: Draft): Prepared
  /** Something is new in the store's outbox, or the account has changed. Returns at once. */
  kick(): void
  /** The account can be used again: what waited for that, or for too many requests of it, goes at once. */
  resume(): void
  /** Goes on where the last run ended: attempts that were under way are looked up at the carrier. */
  start(): Promise<void>
  /** Takes no more, and resolves when what is in flight has ended. */
  stop(): Promise<void>
  /**
   * Sends again what failed or stayed unsure, by hand: a new attempt of the same message, which keeps its place and
   * time. An unsure one is looked up once more first. One that waits for its next attempt goes at once.
   * Throws SwitchboardError no_such_message, not_possible.
   */
  retry(id: Id): Promise<Message>
  /** Until when (ms) nothing is called, because the carrier has too much to do; in the past while it has not. */
  pausedUntil(): number
  /** Resolves when nothing is in flight or ready to go; what waits for the clock doesn't count. */
  idle(): Promise<void>
}

/** ms until a disk that refused is tried again. */
const DISK_RETRY = 5_000

export function createOutbox(options: OutboxOptions): Outbox {
  const { store, clock, ids, log } = options
  const {
    random = Math.random,
    atOnce = 4,
    mayWrite = () => undefined,
    heardAt = () => undefined,
    ahead = () => undefined,
  } = options
  const edit = options.edit ?? plainEdit(store)
  const lanes = new Lanes()
  let state: 'new' | 'running' | 'stopped' = 'new'
  let pausedUntil = 0
  let scanning: Promise<void> = Promise.resolve()
  /** A scan that is waited for and has not begun. */
  let coming: Promise<void> | undefined
  let underway = 0
  const retrying = new Map<Id, Promise<Message>>()
  let cancelAlarm: (() => void) | undefined
  let stopListening: (() => void) | undefined
  let waiters: (() => void)[] = []

  const context: AttemptContext = {
    store,
    clock,
    log,
    edit,
    random,
    mayWrite,
    heardAt,
    ahead,
    callbackFor(id) {
      const base = options.statusCallbackBase()
      return base === undefined ? undefined : `${base}/webhooks/status?m=${encodeURIComponent(id)}`
    },
    mediaUrl: options.mediaUrl ?? (({ url }) => url),
    pauseAll(ms) {
      pausedUntil = Math.max(pausedUntil, clock.now() + ms)
    },
    watch: (id) => watch.add(id),
    follow: (message) => statuses.add(message),
    optedOut: options.optedOut ?? (() => Promise.resolve()),
  }
  const watch = createWatch({ ...options, edit, random, ahead, run: underWay })
  const statuses = createStatusAsking({ ...options, edit, random, run: underWay })

  /** Counts as under way until it ends; never rejects. */
  function underWay(work: () => Promise<void>): Promise<void> {
    underway += 1
    return work()
      .catch((cause: unknown) => log.error('The outbox could not go on', cause))
      .finally(() => {
        underway -= 1
        pump()
        if (underway > 0) return
        const done = waiters
        waiters = []
        for (const resolve of done) resolve()
      })
  }

  async function scan(): Promise<void> {
    for (const entry of store.outbox()) {
      if (lanes.get(entry._id) || (entry.state !== 'queued' && entry.state !== 'calling')) continue
      const message = await store.find(entry._id)
      // Sent, retried or gone while we looked.
      const now = store.outboxEntry(entry._id)
      if (now === undefined || (now.state !== 'queued' && now.state !== 'calling')) continue
      if (message) lanes.add(jobOf(message, now))
      else await store.commit({ why: 'outbox', removed: [{ collection: 'outbox', _id: entry._id }] })
    }
  }

  function rescan(): Promise<void> {
    // One that has not begun will see whatever is there by now.
    if (coming) return coming
    const before = scanning
    coming = underWay(async () => {
      await before
      coming = undefined
      await scan()
    })
    scanning = coming
    return coming
  }

  function pump(): void {
    cancelAlarm?.()
    cancelAlarm = undefined
    if (state !== 'running') return
    const carrier = options.carrier()
    if (!carrier) return
    while (lanes.busy < atOnce) {
      const now = clock.now()
      const calledOff = lanes.takeCalledOff()
      if (calledOff) {
        void underWay(() => run(carrier, calledOff))
        continue
      }
      if (!isOver(pausedUntil, now, LONGEST_PUT_OFF)) return wakeAt(pausedUntil)
      const next = lanes.take(now)
      if (next === undefined) return
      if (typeof next === 'number') return wakeAt(next)
      void underWay(() => run(carrier, next))
    }
  }

  function wakeAt(time: number): void {
    cancelAlarm = clock.after(time - clock.now(), pump)
  }

  async function run(carrier: Carrier, job: Job): Promise<void> {
    try {
      const end = await attempt(context, carrier, job)
      if (end === 'done') lanes.remove(job)
      else putOff(job, end)
    } catch (cause) {
      // The disk refused, or a defect: nothing is called again before what came of it is on disk.
      log.error(`Message ${job.id} waits in the outbox`, cause)
      putOff(job, clock.now() + DISK_RETRY)
    } finally {
      lanes.release(job)
    }
  }

  function putOff(job: Job, until: number): void {
    job.notBefore = until
    job.isPutOff = true
  }

  async function retry(id: Id): Promise<Message> {
    const message = await store.find(id)
    if (!message) throw new SwitchboardError('no_such_message', { id })
    const job = lanes.get(id)
    if (job) {
      // It waits for its next attempt: now, whatever the clock is set to before its turn.
      job.notBefore = 0
      pausedUntil = 0
      pump()
      return message
    }
    if (!mayRetry(message)) {
      throw new SwitchboardError('not_possible', {
        what: 'Only a message that failed or is unsure can be sent again.',
      })
    }
    const found = message.status === 'unsure' ? await watch.look(id) : undefined
    if (found === 'undecided') {
      throw new SwitchboardError('not_possible', {
        what: 'Another message to this contact is just being sent, and until that is known, nobody can tell whether this one was. Try again in a moment.',
      })
    }
    // Queued now it would go out without that look, once the carrier is back: twice perhaps.
    if (found === 'unasked') {
      throw new SwitchboardError('not_possible', {
        what: 'Twilio can’t be asked now whether this message was sent after all, and unasked the contact might get it twice. It is looked for by itself; try again in a while.',
      })
    }
    return found ?? again(message)
  }

  async function again(message: Message): Promise<Message> {
    const id = message._id
    const rest = { outbox: [entryFor(id)], why: 'retry' }
    const queued = await edit(id, (current) => (mayRetry(current) ? anew(current) : undefined), rest)
    if (!queued) throw new SwitchboardError('no_such_message', { id })
    watch.remove(id)
    statuses.remove(id)
    kick()
    return queued
  }

  function entryFor(id: Id): OutboxEntry {
    return { _id: id, state: 'queued', attempts: 0, updatedAt: new Date(clock.now()).toISOString() }
  }

  function idle(): Promise<void> {
    return underway === 0 ? Promise.resolve() : new Promise((resolve) => waiters.push(resolve))
  }

  function kick(): void {
    if (state === 'running') void rescan()
  }

  return {
    prepare: (draft) => prepare(draft, clock, ids),
    kick,
    resume() {
      pausedUntil = 0
      pump()
    },
    async start() {
      state = 'running'
      // STOP is for what waits too, at once and whatever else it waits for: a START soon after does not bring it back.
      stopListening = store.onCommit(({ contacts = [] }) => {
        if (contacts.length === 0) return
        lanes.callOff((to) => {
          const blocked = mayWrite(to)
          return blocked?.code === UNSUBSCRIBED ? blocked : undefined
        })
        pump()
      })
      await underWay(() => tellDoubts(store, edit))
      watch.start()
      statuses.start()
      await rescan()
    },
    async stop() {
      state = 'stopped'
      stopListening?.()
      watch.stop()
      statuses.stop()
      cancelAlarm?.()
      await idle()
    },
    retry(id) {
      // Pressed twice is asked once: a second entry could hide that the first is being called.
      const asked = retrying.get(id) ?? retry(id).finally(() => retrying.delete(id))
      retrying.set(id, asked)
      return asked
    },
    pausedUntil: () => pausedUntil,
    idle,
  }
}

function mayRetry({ sender, status }: Message): boolean {
  return sender !== 'contact' && ['failed', 'undelivered', 'unsure', 'canceled'].includes(status)
}

/** The message as if never sent; the SIDs of earlier attempts stay known, so that a late word of theirs is told apart. */
function anew({ error_code: _, ...message }: Message): Message {
  const known = hasCarrierSid(message) ? withEarlier(message, message.sid) : message
  return { ...known, sid: localSid(message._id), status: 'queued' }
}

function plainEdit(store: Pick<Store, 'find' | 'commit'>): Edit {
  return async (id, change, rest) => {
    const current = await store.find(id)
    const changed = current && change(current)
    await store.commit({ ...rest, ...(changed ? { messages: [changed] } : {}) })
    return changed ?? current
  }
}
