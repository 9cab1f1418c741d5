import type { CarrierAccount } from '../carrier/twilio-account.ts'
import type { Clock } from '../ports.ts'
import type { Store } from '../store/types.ts'
import { type Endpoint, readEndpoints } from './endpoints.ts'
import { heldBy, readKept } from './kept.ts'
import { NO_SURROUNDINGS, readSurroundings } from './overrides.ts'
import type { Problems } from './pointing.ts'

interface SeenParts {
  store: Pick<Store, 'settings'>
  clock: Clock
  account: () => CarrierAccount | undefined
  accountSid: () => string | undefined
}

/** The account's numbers as Twilio told of them the last time, and what stood in the way. */
export class Seen {
  readonly #parts: SeenParts
  endpoints: Endpoint[] = []
  around = NO_SURROUNDINGS
  /** ms; undefined: not yet. */
  readAt: number | undefined
  /** Under the empty SID what concerns them all. */
  problems: Problems = new Map()

  constructor(parts: SeenParts) {
    this.#parts = parts
  }

  async read(): Promise<void> {
    const of = this.#parts.account()
    if (!of) return
    const listed = await readEndpoints(of, heldBy(readKept(this.#parts.store), this.#parts.accountSid()))
    if (listed.ok) {
      await this.take(of, listed.value)
      this.problems = new Map([...this.problems].filter(([sid]) => sid !== ''))
    } else this.problems = new Map([...this.problems, ['', listed.error.sentence]])
  }

  /** As they were read on another occasion, with what stands beside them. */
  async take(of: CarrierAccount, endpoints: Endpoint[]): Promise<void> {
    this.around = await readSurroundings(of, endpoints)
    this.endpoints = endpoints
    this.readAt = this.#parts.clock.now()
  }

  /** Nothing is known any more. */
  forget(): void {
    this.endpoints = []
    this.readAt = undefined
    this.problems = new Map()
  }
}
