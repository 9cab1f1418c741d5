import { SwitchboardError } from '../../shared/errors.ts'
import type { Addresses } from '../../shared/live.ts'
import type { CarrierError, Outcome } from '../carrier/carrier.ts'
import type { CarrierAccount, NumberRecord } from '../carrier/twilio-account.ts'
import type { Log } from '../ports.ts'
import type { Store } from '../store/types.ts'
import { addressesHere, areSet, toPutBack, withoutOurs } from './addresses.ts'
import { keep, type Kept, readKept } from './kept.ts'

export interface PointingParts {
  store: Pick<Store, 'settings' | 'commit'>
  log: Log
  account: () => CarrierAccount | undefined
}

type Entry = Kept['pointed'][number]

/** What became of one number: empty when all is well, otherwise what stands in the way and the next step. */
export type Problems = ReadonlyMap<string, string>

export interface PointingResult {
  problems: Problems
  /** Something failed that may go well later: try again. */
  again: boolean
  numbers: NumberRecord[]
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
    const listed = await account.numbers()
    if (!listed.ok) return failed(listed.error)
    const problems = new Map<string, string>()
    const after = new Map(listed.value.map((number) => [number.sid, number]))
    let again = false
    for (const { sid, voice } of readKept(this.#parts.store).chosen) {
      const number = after.get(sid)
      if (!number) {
        problems.set(sid, 'This number is no longer in the account.')
        continue
      }
      const done = await this.#pointOne(account, number, base, voice, asked)
      if (done === 'elsewhere') problems.set(sid, ELSEWHERE)
      else if (!done.ok) {
        problems.set(sid, done.error.sentence)
        again ||= mayGoWell(done.error)
      } else after.set(sid, done.value)
    }
    return { problems, again, numbers: [...after.values()] }
  }

  async #pointOne(
    account: CarrierAccount,
    number: NumberRecord,
    base: string,
    voice: 'leave' | 'here',
    asked: 'takeOver' | 'unlessChanged',
  ): Promise<Outcome<NumberRecord> | 'elsewhere'> {
    const known = this.#pointed(number.sid)
    const isChanged =
      known !== undefined &&
      !isOurs(number.addresses, known) &&
      !areSet(number.addresses, toPutBack(known.before, known.ours))
    if (isChanged && asked === 'unlessChanged') return 'elsewhere'
    const before = known && !isChanged ? known.before : withoutOurs(number.addresses)
    const ours = addressesHere(base, voice, before)
    // Calls that came here and are to be left alone now go back to who had them.
    const back = known && voice === 'leave' ? toPutBack(before, withoutNames(known.ours, ours)) : {}
    const wanted = { ...back, ...ours }
    const isNew = known && JSON.stringify(ours) !== JSON.stringify(known.ours)
    const was = isNew ? known.ours : known?.was
    await this.#keep({ sid: number.sid, before, ours, ...(was && { was }) })
    if (areSet(number.addresses, wanted)) return { ok: true, value: number }
    this.#parts.log.info(`${this.#parts.log.person(number.number)} is pointed at ${base}`)
    return account.update(number.sid, wanted)
  }

  /** Puts back what the numbers had, all of them or those named. Entries that could not be put back stay. */
  async putBack(only?: ReadonlySet<string>): Promise<PointingResult> {
    const pointed = readKept(this.#parts.store).pointed.filter(({ sid }) => only?.has(sid) ?? true)
    if (pointed.length === 0) return { problems: new Map(), again: false, numbers: [] }
    const account = this.#account()
    const listed = await account.numbers()
    if (!listed.ok) return failed(listed.error)
    const problems = new Map<string, string>()
    const after = new Map(listed.value.map((number) => [number.sid, number]))
    let again = false
    for (const entry of pointed) {
      const { sid, before, ours } = entry
      const number = after.get(sid)
      // Gone from the account, or somebody else's by now: it is theirs.
      if (!number || !isOurs(number.addresses, entry)) {
        await this.#forget(sid)
        continue
      }
      const done = await account.update(sid, toPutBack(before, ours))
      if (done.ok) {
        after.set(sid, done.value)
        await this.#forget(sid)
        this.#parts.log.info(`${this.#parts.log.person(number.number)} has its former addresses again`)
      } else {
        problems.set(sid, done.error.sentence)
        again ||= mayGoWell(done.error)
      }
    }
    return { problems, again, numbers: [...after.values()] }
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
  numbers: [],
})

function withoutNames<T extends object>(of: T, names: object): Partial<T> {
  return Object.fromEntries(Object.entries(of).filter(([name]) => !(name in names))) as Partial<T>
}
