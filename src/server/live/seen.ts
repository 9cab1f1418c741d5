import type { CarrierAccount } from '../carrier/twilio-account.ts'
import type { Clock } from '../ports.ts'
import type { CarrierError } from '../carrier/carrier.ts'
import { type Endpoint, type Listed, readEndpoints } from './endpoints.ts'
import { NO_SURROUNDINGS, readSurroundings } from './overrides.ts'
import type { Problems } from './pointing.ts'

interface SeenParts {
  clock: Clock
  account: () => CarrierAccount | undefined
  /** They were read. */
  taken: (endpoints: readonly Endpoint[]) => Promise<void>
}

/** The account's numbers as Twilio told of them the last time, and what stood in the way. */
export class Seen {
  readonly #parts: SeenParts
  endpoints: Endpoint[] = []
  /** Why senders could not be read; those among the endpoints are as they were before then. */
  unread: CarrierError | undefined
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
    const listed = await readEndpoints(of)
    if (listed.ok) {
      await this.take(of, listed.value)
      this.problems = new Map([...this.problems].filter(([sid]) => sid !== ''))
    } else this.problems = new Map([...this.problems, ['', listed.error.sentence]])
  }

  /** As they were read on another occasion, with what stands beside them. */
  async take(of: CarrierAccount, { endpoints, unread }: Listed): Promise<void> {
    this.around = await readSurroundings(of, endpoints)
    const before = unread ? this.endpoints.filter(({ kind }) => kind === 'whatsapp') : []
    this.endpoints = [...endpoints, ...before]
    this.unread = unread
    this.readAt = this.#parts.clock.now()
    await this.#parts.taken(this.endpoints)
  }

  /** Nothing is known any more. */
  forget(): void {
    this.endpoints = []
    this.unread = undefined
    this.readAt = undefined
    this.problems = new Map()
  }
}
