import { isDeepStrictEqual } from 'node:util'
import { SwitchboardError } from '../../shared/errors.ts'
import type { Addresses, LeftNumber } from '../../shared/live.ts'
import type { CarrierError, Outcome } from '../carrier/carrier.ts'
import type { CarrierAccount } from '../carrier/twilio-account.ts'
import type { Clock, Log } from '../ports.ts'
import type { Store } from '../store/types.ts'
import {
  addressesHere,
  addressesSet,
  areSet,
  beforeOf,
  type Field,
  lastSet,
  leadsTo,
  only,
  stillOurs,
} from './addresses.ts'
import { changedSince, leading, without } from './changes.ts'
import {
  type Endpoint,
  GONE,
  type Listed,
  readEndpoints,
  unreadOf,
  unreadWords,
  updateEndpoint,
} from './endpoints.ts'
import { basesOf, isOf, keep, type Kept, readKept } from './kept.ts'

export interface PointingParts {
  store: Pick<Store, 'settings' | 'commit'>
  clock: Clock
  log: Log
  account: () => CarrierAccount | undefined
  accountSid: () => string | undefined
  /** Where Twilio itself answers a call nobody here can, and nobody did before. */
  hosted: string
}

type Entry = Kept['pointed'][number]

/** What became of one number: empty when all is well, otherwise what stands in the way and the next step. */
export type Problems = ReadonlyMap<string, string>

export interface PointingResult {
  problems: Problems
  /** Something failed that may go well later: try again. */
  again: boolean
  /** All as they are now; undefined where they were not or could not be read. */
  listed: Listed | undefined
}

/**
 * Sets the chosen numbers' addresses to ours and puts back what they had. What they had is durable before Twilio is
 * asked to change anything, so that a crash at any moment loses nothing.
 */
export class Pointing {
  readonly #parts: PointingParts
  /** Put back, and not yet taken out of what is kept. */
  readonly #gone = new Set<string>()
  /** Seen to lead here since the start: as they were before, somebody else has set them so. */
  readonly #here = new Set<string>()
  #writing: Promise<void> = Promise.resolve()
  #isRefused = false
  /** Of the program: nothing is pointed here any more, then nothing is changed or kept at all. */
  #end: 'no' | 'near' | 'here' = 'no'

  constructor(parts: PointingParts) {
    this.#parts = parts
  }

  /** From now on numbers are put back only; once `isHere`, nothing is begun or written any more. */
  end(isHere: boolean): void {
    this.#end = isHere ? 'here' : 'near'
  }

  #isAt(end: 'near' | 'here'): boolean {
    return this.#end === end || this.#end === 'here'
  }

  /** The present account's numbers that we changed. */
  held(): Entry[] {
    const sid = this.#parts.accountSid()
    return readKept(this.#parts.store).pointed.filter((entry) => isOf(entry, sid))
  }

  /** The last time numbers were put back Twilio refused some, and no later try promises more. */
  get isRefused(): boolean {
    return this.#isRefused
  }

  /** What we set and what was there before, of numbers that are to be put back. */
  left(): LeftNumber[] {
    const sids = this.unwanted()
    return this.held()
      .filter(({ sid }) => sids.has(sid))
      .map((entry) => ({ sid: entry.sid, number: entry.number, set: addressesSet(entry) }))
  }

  /** The account is forgotten with numbers that still point here: what they had waits for it to be entered again. */
  async setAside(): Promise<void> {
    const { store, accountSid } = this.#parts
    const account = accountSid()
    if (account === undefined) return
    const { pointed } = readKept(store)
    await keep(store, { pointed: pointed.map((one) => (one.account === '' ? { ...one, account } : one)) })
  }

  /** Numbers we changed that are no longer to come here: to be put back until it is done. */
  unwanted(): ReadonlySet<string> {
    const { wanted, chosen } = readKept(this.#parts.store)
    const sids = this.held().map(({ sid }) => sid)
    return new Set(sids.filter((sid) => !wanted || !chosen.some((one) => one.sid === sid)))
  }

  /**
   * Points the chosen numbers at `base`. What somebody else changed of a number since is left as it is, unless a person
   * asked (`takeOver`): then what the other set is what is put back later.
   */
  async point(base: string, asked: 'takeOver' | 'unlessChanged', isFree: boolean): Promise<PointingResult> {
    const account = this.#account()
    const listed = await readEndpoints(account)
    if (!listed.ok) return failed(listed.error)
    const { endpoints, unread } = listed.value
    const problems = new Map<string, string>()
    const after = new Map(endpoints.map((one) => [one.sid, one]))
    let again = false
    for (const { sid, voice } of readKept(this.#parts.store).chosen) {
      if (this.#isAt('near')) break
      const endpoint = after.get(sid)
      if (!endpoint) {
        const error = unreadOf(sid, unread)
        problems.set(sid, error ? unreadWords(error) : GONE)
        again ||= error !== undefined && mayGoWell(error)
        continue
      }
      const { done, isElsewhere } = await this.#pointOne(account, endpoint, { base, isFree }, voice, asked)
      if (done.ok) after.set(sid, done.value)
      else again ||= mayGoWell(done.error)
      if (!done.ok) problems.set(sid, done.error.sentence)
      else if (isElsewhere) problems.set(sid, ELSEWHERE)
    }
    return { problems, again, listed: { endpoints: [...after.values()], unread } }
  }

  async #pointOne(
    account: CarrierAccount,
    endpoint: Endpoint,
    { base, isFree }: { base: string; isFree: boolean },
    voice: 'leave' | 'here',
    asked: 'takeOver' | 'unlessChanged',
  ): Promise<{ done: Outcome<Endpoint>; isElsewhere: boolean }> {
    const now = endpoint.addresses
    const known = this.#pointed(endpoint.sid)
    const changed = known ? changedSince(now, known, this.#here.has(endpoint.sid)) : new Set<Field>()
    // What is left to who changed it keeps what it had before that.
    const left = known && asked === 'unlessChanged' ? only(known.before, changed) : {}
    const before = { ...beforeOf(now, this.#bases(base), known), ...left }
    const ours = addressesHere(endpoint.kind, base, voice, before, this.#parts.hosted)
    // Calls that came here and are to be left alone now go back to who had them.
    const back = known ? without(stillOurs(now, { ...known, before }), Object.keys(ours)) : {}
    const wanted = { ...back, ...(asked === 'takeOver' ? ours : without(ours, changed)) }
    const isElsewhere =
      asked === 'unlessChanged' && (Object.keys(leading(ours)) as Field[]).some((name) => changed.has(name))
    const asItIs = { done: { ok: true, value: endpoint } as const, isElsewhere }
    if (isElsewhere && Object.keys(wanted).length === 0) return asItIs
    const isNew = known && JSON.stringify(ours) !== JSON.stringify(known.ours)
    const was = isNew ? lastSet(now, known) : known?.was
    const stillAt = (known?.free ?? []).filter((one) => leadsTo(now, one))
    const free = new Set([...stillAt, ...(known?.free.slice(-1) ?? []), ...(isFree ? [base] : [])])
    const owner = this.#parts.accountSid() ?? ''
    await this.#keep({
      sid: endpoint.sid,
      number: endpoint.number,
      before,
      ours,
      ...(was && { was }),
      account: owner,
      free: [...free],
    })
    if (asked === 'takeOver') this.#here.delete(endpoint.sid)
    if (areSet(now, wanted)) this.#here.add(endpoint.sid)
    if (this.#isAt('near') || areSet(now, wanted)) return asItIs
    this.#parts.log.info(`${this.#parts.log.person(endpoint.number)} is pointed at ${base}`)
    const done = await updateEndpoint(account, endpoint, wanted)
    if (done.ok) this.#here.add(endpoint.sid)
    return { done, isElsewhere }
  }

  /**
   * Puts back what the numbers had, of those named, or of all that are at a free subdomain. Several at once, for somebody
   * may be waiting for the end. Entries that could not be put back stay.
   */
  async putBack(which: ReadonlySet<string> | 'free'): Promise<PointingResult> {
    const done = await this.#putBack(which)
    this.#isRefused = done.problems.size > 0 && !done.again
    return done
  }

  async #putBack(which: ReadonlySet<string> | 'free'): Promise<PointingResult> {
    const entries = this.held().filter(({ sid, free }) =>
      which === 'free' ? free.length > 0 : which.has(sid),
    )
    if (entries.length === 0) return { problems: new Map(), again: false, listed: undefined }
    const account = this.#account()
    const listed = await readEndpoints(account)
    if (!listed.ok) return failed(listed.error)
    const { endpoints, unread } = listed.value
    const problems = new Map<string, string>()
    const after = new Map(endpoints.map((one) => [one.sid, one]))
    let again = false
    const queue = entries.values()
    const work = async (): Promise<void> => {
      for (const entry of queue) {
        if (this.#isAt('here')) return
        const endpoint = after.get(entry.sid)
        if (endpoint && which === 'free' && !isAtFree(endpoint.addresses, entry)) continue
        const done = endpoint && (await this.#putBackOne(account, endpoint, entry))
        const unreadError = endpoint ? undefined : unreadOf(entry.sid, unread)
        const error = done?.ok === false ? done.error : unreadError
        // Gone from the account: there is nothing to put back.
        if (!error) await this.#forget(entry.sid)
        if (done?.ok) after.set(entry.sid, done.value)
        if (!error) continue
        problems.set(entry.sid, unreadError ? unreadWords(error) : error.sentence)
        again ||= mayGoWell(error)
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
    return { problems, again, listed: { endpoints: [...after.values()], unread } }
  }

  async #putBackOne(account: CarrierAccount, endpoint: Endpoint, entry: Entry): Promise<Outcome<Endpoint>> {
    const wanted = stillOurs(endpoint.addresses, entry, 'ours')
    if (areSet(endpoint.addresses, wanted)) return { ok: true, value: endpoint }
    for (let tries = 1; ; tries += 1) {
      const done = await updateEndpoint(account, endpoint, wanted)
      const { log } = this.#parts
      if (done.ok) log.info(`${log.person(endpoint.number)} has its former addresses again`)
      if (done.ok || done.error.kind !== 'limited' || tries === TRIES || this.#isAt('here')) return done
      const wait = Math.min(done.error.retryAfter ?? FIRST_WAIT_MS * tries, LONGEST_WAIT_MS)
      await new Promise<void>((resolve) => this.#parts.clock.after(wait, resolve))
      if (this.#isAt('here')) return done
    }
  }

  #account(): CarrierAccount {
    const account = this.#parts.account()
    if (!account) throw new SwitchboardError('account_missing')
    return account
  }

  /** Where this console is and was reached. */
  #bases(present: string): string[] {
    return [present, ...basesOf(readKept(this.#parts.store))]
  }

  #pointed(sid: string) {
    return readKept(this.#parts.store).pointed.find((one) => one.sid === sid)
  }

  /** Nothing is written where nothing is new: a look must go well on a full disk too. */
  async #keep(entry: Entry): Promise<void> {
    const { pointed } = readKept(this.#parts.store)
    if (isDeepStrictEqual(this.#pointed(entry.sid), entry)) return
    await keep(this.#parts.store, { pointed: [...pointed.filter(({ sid }) => sid !== entry.sid), entry] })
  }

  /** One write for all that were put back meanwhile; what is not written is seen to be put back the next time. */
  async #forget(sid: string): Promise<void> {
    this.#gone.add(sid)
    this.#here.delete(sid)
    this.#writing = this.#writing.then(async () => {
      if (this.#gone.size === 0 || this.#isAt('here')) return
      const gone = new Set(this.#gone)
      this.#gone.clear()
      const { pointed } = readKept(this.#parts.store)
      await keep(this.#parts.store, { pointed: pointed.filter((one) => !gone.has(one.sid)) })
    })
    const written = this.#writing
    this.#writing = written.catch(() => undefined)
    await written
  }
}

/** Whether anything of a number still leads to an address somebody else may get. */
const isAtFree = (now: Addresses, { free }: Entry): boolean => free.some((base) => leadsTo(now, base))

/** So many numbers are put back at a time: Twilio answers more at once with "too many requests". */
const AT_ONCE = 8
/** Where Twilio says "too many requests", tries of one number, and what is waited between them, ms. */
const TRIES = 4
const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 10_000

const ELSEWHERE =
  'Another program has changed this number’s addresses since. Point it here again to take it back; theirs are kept and put back later.'

/** A later try may go well: nobody answered, too many requests, or Twilio's own trouble. */
const mayGoWell = ({ kind }: CarrierError): boolean => kind !== 'refused'

const failed = (error: CarrierError): PointingResult => ({
  problems: new Map([['', error.sentence]]),
  again: mayGoWell(error),
  listed: undefined,
})
