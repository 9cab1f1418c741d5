import type { Id, Message } from '../../shared/documents.ts'
import type { OutboxEntry } from '../store/types.ts'
import { isOver } from '../waits.ts'
import { LONGEST_PUT_OFF } from './backoff.ts'

/** To whom a message goes, as far as it decides whether it may. */
export type Addressed = Pick<Message, 'channel_id' | 'communication_type' | 'contact' | 'template'>

/** Why a message may not be sent now: opted out (21610), WhatsApp's window closed (63016) … */
export interface Blocked {
  /** Twilio's code for it, kept as the message's error code. */
  code: number
  sentence: string
}

/** When the carrier said that it failed, ms: by our clock, and by its own as it showed then. */
export interface Trouble {
  at: number
  heard: number | undefined
}

/** A message in the queue. */
export interface Job {
  readonly id: Id
  readonly lane: string
  readonly to: Addressed
  /** Order within its lane: the message's time, then its id. */
  readonly order: string
  /** As it is on disk. */
  entry: OutboxEntry
  /** ms; not tried before. */
  notBefore: number
  /** That is a wait between two attempts, not the time it was written for. */
  isPutOff: boolean
  /** Looks at the carrier's list for it so far. */
  looks: number
  /** The carrier said that it failed (500, 503) and must be asked whether it did; undefined for an unknown end. */
  trouble: Trouble | undefined
  /** What came of it and could not be written yet (full disk): written again, never sent again. */
  unwritten: (() => Promise<'done' | number>) | undefined
  /** Set once it was called off: from then on it is not sent, whatever is so later. */
  calledOff: Blocked | undefined
}

/**
 * Who goes next: in order within a lane, one in flight per lane, lanes in turn. A lane is what one contact is written
 * to by one channel in one medium.
 */
export class Lanes {
  readonly #lanes = new Map<string, Job[]>()
  readonly #busy = new Set<string>()
  readonly #known = new Map<Id, Job>()
  /** Called off and not taken since: they need not wait for anything. */
  readonly #calledOff = new Set<Job>()

  static keyOf(message: Pick<Message, 'channel_id' | 'communication_type' | 'contact'>): string {
    return `${message.channel_id} ${message.communication_type} ${message.contact}`
  }

  get(id: Id): Job | undefined {
    return this.#known.get(id)
  }

  get busy(): number {
    return this.#busy.size
  }

  add(job: Job): void {
    if (this.#known.has(job.id)) return
    this.#known.set(job.id, job)
    const lane = this.#lanes.get(job.lane) ?? []
    this.#lanes.set(job.lane, lane)
    // A message whose call has begun is not overtaken.
    const place = lane.findIndex(
      (other, index) => other.order > job.order && !(index === 0 && this.#hasBegun(other)),
    )
    lane.splice(place === -1 ? lane.length : place, 0, job)
  }

  remove(job: Job): void {
    this.#known.delete(job.id)
    this.#calledOff.delete(job)
    const lane = this.#lanes.get(job.lane)
    if (!lane) return
    const index = lane.indexOf(job)
    if (index !== -1) lane.splice(index, 1)
    if (lane.length === 0) this.#lanes.delete(job.lane)
  }

  /**
   * What `blockOf` has a reason against is given by `takeCalledOff` as soon as it waits. A call that has begun can't be
   * called off: that one is given only when it comes to wait again.
   */
  callOff(blockOf: (to: Addressed) => Blocked | undefined): void {
    for (const job of this.#known.values()) {
      const blocked = blockOf(job.to)
      if (!blocked) continue
      job.calledOff = blocked
      this.#calledOff.add(job)
    }
  }

  /** The next job that was called off, its lane then taken until `release`. */
  takeCalledOff(): Job | undefined {
    for (const job of this.#calledOff) {
      if (job.entry.state !== 'queued' || this.#busy.has(job.lane)) continue
      if (this.#lanes.get(job.lane)?.[0] !== job) continue
      this.#calledOff.delete(job)
      this.#busy.add(job.lane)
      return job
    }
    return undefined
  }

  /** The next job that may go at `now`, its lane then taken until `release`; or when the first may (ms), if ever. */
  take(now: number): Job | number | undefined {
    let soonest: number | undefined
    for (const [key, [head]] of this.#lanes) {
      if (head === undefined || this.#busy.has(key)) continue
      if (isOver(head.notBefore, now, head.isPutOff ? LONGEST_PUT_OFF : Number.POSITIVE_INFINITY)) {
        this.#busy.add(key)
        return head
      }
      soonest = Math.min(soonest ?? head.notBefore, head.notBefore)
    }
    return soonest
  }

  release(job: Job): void {
    this.#busy.delete(job.lane)
    const lane = this.#lanes.get(job.lane)
    if (!lane) return
    // To the end of the line, so that lanes take turns.
    this.#lanes.delete(job.lane)
    this.#lanes.set(job.lane, lane)
  }

  #hasBegun(job: Job): boolean {
    return this.#busy.has(job.lane) || job.entry.state === 'calling'
  }
}

export function jobOf(message: Message, entry: OutboxEntry): Job {
  return {
    id: message._id,
    lane: Lanes.keyOf(message),
    to: message,
    order: `${message.createdAt} ${message._id}`,
    entry,
    notBefore: entry.not_before === undefined ? 0 : Date.parse(entry.not_before),
    isPutOff: entry.put_off === true,
    looks: 0,
    trouble: undefined,
    unwritten: undefined,
    calledOff: undefined,
  }
}
