import { SwitchboardError } from '../../shared/errors.ts'
import type { Addresses } from '../../shared/live.ts'
import type { CarrierError, Outcome } from '../carrier/carrier.ts'
import type { CarrierAccount } from '../carrier/twilio-account.ts'
import type { Log } from '../ports.ts'
import type { Store } from '../store/types.ts'
import { addressesHere, areSet, toPutBack, withoutOurs } from './addresses.ts'
import { type Endpoint, readEndpoints, updateEndpoint } from './endpoints.ts'
import { heldBy, keep, type Kept, readKept } from './kept.ts'

export interface PointingParts {
  store: Pick<Store, 'settings' | 'commit'>
  log: Log
  account: () => CarrierAccount | undefined
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
  /** All as they are now; none where they could not be read. */
  endpoints: Endpoint[]
}

/**
 * Sets the chosen numbers' addresses to ours and puts back what they had. What they had is durable before Twilio is
 * asked to change anything, so that a crash at any moment loses nothing.
 */
export class Pointing {
  readonly #parts: PointingParts

  constructor(parts: PointingParts) {
    this.#parts = parts
  }

  /**
   * Points the chosen numbers at `base`. Where somebody else changed a number since, it is left as it is, unless a
   * person asked (`takeOver`): then what the other set is what is put back later.
   */
  async point(base: string, asked: 'takeOver' | 'unlessChanged'): Promise<PointingResult> {
    const account = this.#account()
    const listed = await readEndpoints(account, heldBy(readKept(this.#parts.store)))
    if (!listed.ok) return failed(listed.error)
    const problems = new Map<string, string>()
    const after = new Map(listed.value.map((one) => [one.sid, one]))
    let again = false
    for (const { sid, voice } of readKept(this.#parts.store).chosen) {
      const endpoint = after.get(sid)
      if (!endpoint) {
        problems.set(sid, 'It is no longer in the account. Read the numbers again.')
        continue
      }
      const done = await this.#pointOne(account, endpoint, base, voice, asked)
      if (done === 'elsewhere') problems.set(sid, ELSEWHERE)
      else if (!done.ok) {
        problems.set(sid, done.error.sentence)
        again ||= mayGoWell(done.error)
      } else after.set(sid, done.value)
    }
    return { problems, again, endpoints: [...after.values()] }
  }

  async #pointOne(
    account: CarrierAccount,
    endpoint: Endpoint,
    base: string,
    voice: 'leave' | 'here',
    asked: 'takeOver' | 'unlessChanged',
  ): Promise<Outcome<Endpoint> | 'elsewhere'> {
    const known = this.#pointed(endpoint.sid)
    const isChanged =
      known !== undefined &&
      !isOurs(endpoint.addresses, known) &&
      !areSet(endpoint.addresses, toPutBack(known.before, known.ours))
    if (isChanged && asked === 'unlessChanged') return 'elsewhere'
    const before = known && !isChanged ? known.before : withoutOurs(endpoint.addresses)
    const ours = addressesHere(endpoint.kind, base, voice, before, this.#parts.hosted)
    // Calls that came here and are to be left alone now go back to who had them.
    const back = known && voice === 'leave' ? toPutBack(before, withoutNames(known.ours, ours)) : {}
    const wanted = { ...back, ...ours }
    const isNew = known && JSON.stringify(ours) !== JSON.stringify(known.ours)
    const was = isNew ? known.ours : known?.was
    await this.#keep({ sid: endpoint.sid, before, ours, ...(was && { was }) })
    if (areSet(endpoint.addresses, wanted)) return { ok: true, value: endpoint }
    this.#parts.log.info(`${this.#parts.log.person(endpoint.number)} is pointed at ${base}`)
    return updateEndpoint(account, endpoint, wanted)
  }

  /** Puts back what the numbers had, all of them or those named. Entries that could not be put back stay. */
  async putBack(only?: ReadonlySet<string>): Promise<PointingResult> {
    const pointed = readKept(this.#parts.store).pointed.filter(({ sid }) => only?.has(sid) ?? true)
    if (pointed.length === 0) return { problems: new Map(), again: false, endpoints: [] }
    const account = this.#account()
    const listed = await readEndpoints(account, heldBy(readKept(this.#parts.store)))
    if (!listed.ok) return failed(listed.error)
    const problems = new Map<string, string>()
    const after = new Map(listed.value.map((one) => [one.sid, one]))
    let again = false
    for (const entry of pointed) {
      const { sid, before, ours } = entry
      const endpoint = after.get(sid)
      // Gone from the account, or somebody else's by now: it is theirs.
      if (!endpoint || !isOurs(endpoint.addresses, entry)) {
        await this.#forget(sid)
        continue
      }
      const done = await updateEndpoint(account, endpoint, toPutBack(before, ours))
      if (done.ok) {
        after.set(sid, done.value)
        await this.#forget(sid)
        this.#parts.log.info(`${this.#parts.log.person(endpoint.number)} has its former addresses again`)
      } else {
        problems.set(sid, done.error.sentence)
        again ||= mayGoWell(done.error)
      }
    }
    return { problems, again, endpoints: [...after.values()] }
  }

  #account(): CarrierAccount {
    const account = this.#parts.account()
    if (!account) throw new SwitchboardError('account_missing')
    return account
  }

  #pointed(sid: string) {
    return readKept(this.#parts.store).pointed.find((one) => one.sid === sid)
  }

  async #keep(entry: Entry): Promise<void> {
    const { pointed } = readKept(this.#parts.store)
    await keep(this.#parts.store, { pointed: [...pointed.filter(({ sid }) => sid !== entry.sid), entry] })
  }

  async #forget(gone: string): Promise<void> {
    const { pointed } = readKept(this.#parts.store)
    await keep(this.#parts.store, { pointed: pointed.filter(({ sid }) => sid !== gone) })
  }
}

/** Whether a number has what we set, now or just before a crash. */
const isOurs = (now: Addresses, { ours, was }: Pick<Entry, 'ours' | 'was'>): boolean =>
  areSet(now, ours) || (was !== undefined && areSet(now, was))

const ELSEWHERE =
  'Another program has changed this number’s addresses since. Point it here again to take it back; theirs are kept and put back later.'

/** A later try may go well: nobody answered, too many requests, or Twilio's own trouble. */
const mayGoWell = ({ kind }: CarrierError): boolean => kind !== 'refused'

const failed = (error: CarrierError): PointingResult => ({
  problems: new Map([['', error.sentence]]),
  again: mayGoWell(error),
  endpoints: [],
})

function withoutNames<T extends object>(of: T, names: object): Partial<T> {
  return Object.fromEntries(Object.entries(of).filter(([name]) => !(name in names))) as Partial<T>
}
