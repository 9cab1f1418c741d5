import type { Id, Message } from '../../shared/documents.ts'
import type { Carrier } from '../carrier/carrier.ts'
import type { Clock, Log } from '../ports.ts'
import type { Store } from '../store/types.ts'
import type { Edit } from './ends.ts'
import { isOver } from '../waits.ts'
import { backoff, hinted, LONGEST_PUT_OFF } from './backoff.ts'
import { afterCallback, hasCarrierSid, isFinal, readStatus } from './status-order.ts'
import { isUnauthorized } from './unauthorized.ts'

export interface StatusAskingOptions {
  store: Pick<Store, 'commit' | 'find' | 'outbox' | 'outboxEntry' | 'onCommit'>
  carrier: () => Carrier | undefined
  clock: Clock
  log: Log
  edit: Edit
  random: () => number
  /** Runs work that counts as under way. */
  run: (work: () => Promise<void>) => Promise<void>
}

/**
 * Asks the carrier how messages it took are doing, where no callback tells: ever more rarely, a day long. Which ones is
 * in the outbox, where an entry stays, handed over, until the last status is known; so a restart goes on with it.
 */
export interface StatusAsking {
  start(): void
  stop(): void
  /** The carrier took it. */
  add(message: Message): void
  remove(id: Id): void
}

/** ms after the message was handed over. */
const ASKED_AFTER = [5_000, 30_000, 120_000, 600_000, 3_600_000, 6 * 3_600_000, 24 * 3_600_000]
/** While callbacks come, as they did within so many ms, the first looks are theirs. */
const CALLBACKS_LATELY = 600_000
const FIRST_BESIDE_CALLBACKS = 2
const AT_ONCE = 2
/** ms between one question and the next. */
const PACE = 200

interface Followed {
  /** When it is asked for next (ms). */
  due: number
  /** How many of ASKED_AFTER lie behind. */
  asked: number
  since: number
}

export function createStatusAsking(options: StatusAskingOptions): StatusAsking {
  const { store, carrier, clock, log, edit, random, run } = options
  const followed = new Map<Id, Followed>()
  const asking = new Set<Id>()
  /** When a callback last told something (ms). */
  let heardCallback = Number.NEGATIVE_INFINITY
  let notBefore = 0
  let troubles = 0
  let isRunning = false
  let cancelAlarm: (() => void) | undefined
  let stopListening: (() => void) | undefined

  const removal = (id: Id) => ({ removed: [{ collection: 'outbox' as const, _id: id }] })

  const placed = (since: number, asked: number): Followed => ({
    since,
    asked,
    due: since + (ASKED_AFTER[asked] ?? 0),
  })

  function follow(id: Id, since: number, asked: number): void {
    followed.set(id, placed(since, asked))
    pump()
  }

  /** Later looks that are due by now are one. */
  function next(id: Id, { since, asked }: Followed): void {
    let following = asked + 1
    while (following < ASKED_AFTER.length - 1 && since + (ASKED_AFTER[following] ?? 0) <= clock.now())
      following++
    if (following >= ASKED_AFTER.length) giveUp(id)
    else follow(id, since, following)
  }

  function giveUp(id: Id): void {
    followed.delete(id)
    log.info(`Twilio tells nothing more of message ${id}`)
    void run(() => drop(id))
  }

  async function drop(id: Id): Promise<void> {
    if (store.outboxEntry(id)?.state === 'handed_over')
      await store.commit({ why: 'status known', ...removal(id) })
  }

  function pump(): void {
    cancelAlarm?.()
    cancelAlarm = undefined
    if (!isRunning) return
    const by = carrier()
    let soonest = Number.POSITIVE_INFINITY
    const now = clock.now()
    if (isOver(notBefore, now, LONGEST_PUT_OFF)) notBefore = Math.min(notBefore, now)
    for (const [id, place] of followed) {
      if (asking.has(id)) continue
      // Handed over later than now: the clock was set back since.
      const { due } = place.since > now ? placed(now, place.asked) : place
      if (due !== place.due) followed.set(id, placed(now, place.asked))
      const at = Math.max(due, notBefore)
      if (at > clock.now() || !by || asking.size >= AT_ONCE) {
        soonest = Math.min(soonest, at)
        continue
      }
      notBefore = clock.now() + PACE
      asking.add(id)
      void run(() => ask(by, id).catch((cause: unknown) => putOff(id, undefined, cause))).finally(() => {
        asking.delete(id)
        pump()
      })
    }
    // Without an account, or with enough under way, there is nothing to wake up for: `add` and the end of one do it.
    if (soonest === Number.POSITIVE_INFINITY || asking.size >= AT_ONCE) return
    cancelAlarm = clock.after(Math.max(by ? 0 : NO_ACCOUNT, soonest - clock.now()), pump)
  }

  async function ask(by: Carrier, id: Id): Promise<void> {
    const message = await store.find(id)
    const place = followed.get(id)
    if (!place) return
    if (!message || !hasCarrierSid(message) || isFinal(message.status)) {
      followed.delete(id)
      return drop(id)
    }
    const outcome = await by.fetchMessage(message.sid)
    // It may have been sent again since, and be followed anew.
    if (followed.get(id) !== place) return
    if (!outcome.ok) {
      const { kind, retryAfter, sentence } = outcome.error
      return kind === 'refused' && !isUnauthorized(outcome.error)
        ? next(id, place)
        : putOff(id, retryAfter, sentence)
    }
    troubles = 0
    await take(message, outcome.value)
    if (followed.get(id) === place) next(id, place)
  }

  /** No answer, or it could not be written: the same look again, later, and no other before. */
  function putOff(id: Id, retryAfter: number | undefined, cause: unknown): void {
    troubles += 1
    const wait = retryAfter === undefined ? backoff(troubles, random, PAUSE) : hinted(retryAfter, random)
    notBefore = Math.max(notBefore, clock.now() + wait)
    log.warn(`How message ${id} is doing could not be learnt; it is asked for again: ${String(cause)}`)
    const place = followed.get(id)
    if (!place) return
    if (clock.now() - place.since > LONGEST_FOLLOWED) giveUp(id)
    // Its time had come: nothing but `notBefore` holds it back, whatever the clock is set to.
    else followed.set(id, { ...place, due: 0 })
  }

  async function take(
    message: Message,
    told: { sid: string; status: string; error_code?: number },
  ): Promise<void> {
    const id = message._id
    const status = readStatus(told.status)
    const isEnd = status !== undefined && isFinal(status)
    const now = await edit(id, (current) => afterCallback(current, told), { why: 'status asked' })
    if (!isEnd || now?.sid !== told.sid) return
    followed.delete(id)
    // Not in the same record: the entry may be of an attempt that was asked for meanwhile.
    await drop(id)
  }

  /** A callback told something: of the last word the entry is done with, of another the next question can wait. */
  function heard(message: Message): void {
    const place = followed.get(message._id)
    if (!place || asking.has(message._id)) return
    heardCallback = clock.now()
    if (isFinal(message.status)) {
      followed.delete(message._id)
      void run(() => drop(message._id))
    } else if (place.asked < FIRST_BESIDE_CALLBACKS) {
      follow(message._id, place.since, FIRST_BESIDE_CALLBACKS)
    }
  }

  return {
    start() {
      isRunning = true
      // All that is old is asked for once soon, the pace keeps them apart.
      for (const { _id, state, updatedAt } of store.outbox())
        if (state === 'handed_over') followed.set(_id, placed(Date.parse(updatedAt), 0))
      stopListening = store.onCommit(({ messages = [] }) => {
        for (const message of messages) heard(message)
      })
      pump()
    },
    stop() {
      isRunning = false
      stopListening?.()
      cancelAlarm?.()
      followed.clear()
    },
    add({ _id, status }) {
      const now = clock.now()
      // A callback may have been faster than Twilio's answer.
      if (isFinal(status)) void run(() => drop(_id))
      else if (isRunning)
        follow(_id, now, now - heardCallback < CALLBACKS_LATELY ? FIRST_BESIDE_CALLBACKS : 0)
    },
    remove: (id) => void followed.delete(id),
  }
}

/** ms until it is looked whether an account is set. */
const NO_ACCOUNT = 60_000
/** Nobody waits for the status of a message this old (ms). */
const LONGEST_FOLLOWED = 2 * 24 * 3_600_000
/** First wait (ms) after trouble. */
const PAUSE = 5_000
