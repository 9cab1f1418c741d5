import type { Id, Message } from '../../shared/documents.ts'
import type { Carrier } from '../carrier/carrier.ts'
import type { Clock, Log } from '../ports.ts'
import type { Store } from '../store/types.ts'
import type { Edit } from './ends.ts'
import { backoff } from './backoff.ts'
import { type Ahead, lookFor, notedSince } from './doubt.ts'
import { settleDoubt } from './listed.ts'
import { hasCarrierSid } from './status-order.ts'
import { isUnauthorized } from './unauthorized.ts'

export interface WatchOptions {
  store: Pick<Store, 'commit' | 'find' | 'mayHave' | 'channels' | 'outbox' | 'outboxEntry' | 'onCommit'>
  carrier: () => Carrier | undefined
  clock: Clock
  log: Log
  edit: Edit
  random: () => number
  ahead: Ahead
  /** Runs work that counts as under way. */
  run: (work: () => Promise<void>) => Promise<void>
}

/** Keeps looking for messages in doubt in the carrier's list, ever more rarely; never sends. */
export interface Watch {
  /** From now on the doubts of the store's outbox too, each looked at once at once. */
  start(): void
  stop(): void
  add(id: Id): void
  remove(id: Id): void
  /**
   * Looks now: the message when the carrier has it after all, and its doubt is over. `undecided`: what the carrier has
   * may be another one that is just being sent. `unasked`: the carrier can't be asked now, or does not answer as it should.
   */
  look(id: Id): Promise<Message | 'undecided' | 'unasked' | undefined>
}

const FIRST_LOOK = 30_000
const LONGEST_WAIT = 3_600_000
/** A message is looked for this long (ms); then it stays unsure until a person decides. */
const GIVE_UP = 24 * 3_600_000

export function createWatch({ store, carrier, clock, log, edit, random, ahead, run }: WatchOptions): Watch {
  const watched = new Map<Id, { looks: number; cancel: () => void }>()
  let stopListening: (() => void) | undefined

  const entryOf = (id: Id) => {
    const entry = store.outboxEntry(id)
    return entry?.state === 'unsure' ? entry : undefined
  }
  const removed = (id: Id) => [{ collection: 'outbox' as const, _id: id }]

  async function look(id: Id): Promise<Message | 'undecided' | 'unasked' | undefined> {
    const [entry, message, by] = [entryOf(id), await store.find(id), carrier()]
    if (!entry || !message) return undefined
    if (hasCarrierSid(message)) {
      // While the message was read it may have been sent again by hand: then the entry is that attempt's.
      if (entryOf(id)) await store.commit({ why: 'no longer unsure', removed: removed(id) })
      return message
    }
    const from = store.channels().find(({ _id }) => _id === message.channel_id)?.number
    if (!by) return 'unasked'
    if (from === undefined) return undefined
    const doubtful = { message, from, since: () => notedSince(entry, ahead) }
    const looked = await lookFor(by, store, doubtful, ahead)
    // What this account may never ask is a person's to decide.
    if (!looked.ok)
      return looked.error.kind === 'refused' && !isUnauthorized(looked.error) ? undefined : 'unasked'
    const { sent, isUndecided } = looked.value
    if (!sent) return isUndecided ? 'undecided' : undefined
    const settled = await settleDoubt(store, edit, id, sent)
    // Another was faster to have it, or this one is being sent again by hand.
    if (!settled || !hasCarrierSid(settled)) return undefined
    log.info(`Message ${id} was sent after all`)
    return settled
  }

  /** The disk took nothing: what was found is found by the next look too. */
  function unwritten(cause: unknown): undefined {
    log.error('A message whose sending is in doubt is looked for again', cause)
  }

  async function lookOnce(id: Id, looks: number): Promise<void> {
    const entry = entryOf(id)
    const found = entry && (await look(id).catch(unwritten))
    if (!entry || typeof found === 'object' || clock.now() - Date.parse(entry.updatedAt) > GIVE_UP)
      return remove(id)
    if (watched.has(id)) schedule(id, looks + 1, backoff(looks + 1, random, FIRST_LOOK, LONGEST_WAIT))
  }

  function schedule(id: Id, looks: number, wait: number): void {
    watched.get(id)?.cancel()
    const cancel = clock.after(wait, () => void run(() => lookOnce(id, looks)))
    watched.set(id, { looks, cancel })
  }

  function remove(id: Id): void {
    watched.get(id)?.cancel()
    watched.delete(id)
  }

  return {
    start() {
      for (const { _id, state } of store.outbox()) if (state === 'unsure') schedule(_id, 0, 0)
      // A callback may end a doubt: its entry is then done with.
      stopListening = store.onCommit(({ messages = [] }) => {
        for (const message of messages) {
          if (!watched.has(message._id) || !hasCarrierSid(message)) continue
          watched.get(message._id)?.cancel()
          void run(() => lookOnce(message._id, 0))
        }
      })
    },
    stop() {
      stopListening?.()
      for (const id of [...watched.keys()]) remove(id)
    },
    add: (id) => schedule(id, 1, backoff(1, random, FIRST_LOOK, LONGEST_WAIT)),
    remove,
    look,
  }
}

/** A restore has put into doubt what waited when its backup was made: its messages say so too. */
export async function tellDoubts(store: Pick<Store, 'find' | 'outbox'>, edit: Edit): Promise<void> {
  for (const { _id, state } of store.outbox()) {
    const message = state === 'unsure' ? await store.find(_id) : undefined
    if (!message || message.status === 'unsure' || hasCarrierSid(message)) continue
    const change = (current: Message): Message | undefined =>
      hasCarrierSid(current) ? undefined : { ...current, status: 'unsure' }
    await edit(_id, change, { why: 'unsure' })
  }
}
