import type { Medium } from '../../shared/documents.ts'
import { iso } from '../iso.ts'
import type { Store } from '../store/types.ts'
import { keep, type Kept, othersUpTo, readKept, withOthers } from './kept.ts'

/** While nothing new is found the watermark is written this seldom (ms): it is read a day behind it anyway. */
const WRITTEN_EVERY = 3_600_000

/** What is remembered of the account in use, as it is now: durable or about to be. */
export class Memory {
  readonly #store: Pick<Store, 'commit' | 'settings'>
  readonly #account: () => string | undefined
  readonly #changed: () => void
  #kept: Kept | undefined
  /** Something in it is not durable yet that soon should be. */
  #isUnwritten = false

  /** `changed`: something that is shown. */
  constructor(
    store: Pick<Store, 'commit' | 'settings'>,
    account: () => string | undefined,
    changed: () => void,
  ) {
    this.#store = store
    this.#account = account
    this.#changed = changed
  }

  /** Undefined where there is no account, or nothing of it yet. */
  now(): Kept | undefined {
    const of = this.#account()
    if (of === undefined) return undefined
    if (this.#kept?.account !== of) this.#kept = readKept(this.#store.settings(), of)
    return this.#kept
  }

  /** In place of what was; resolves when durable. */
  async begin(kept: Kept): Promise<void> {
    this.#kept = kept
    await this.write()
  }

  change(more: { [K in keyof Kept]?: Kept[K] | undefined }): void {
    const known = this.now()
    if (!known) return
    const { asked, away, ...rest } = { ...known, ...more }
    this.#kept = { ...rest, ...(asked && { asked }), ...(away && { away }) } as Kept
    this.#changed()
  }

  async write(): Promise<void> {
    this.#isUnwritten = false
    if (this.#kept) await keep(this.#store, this.#kept)
  }

  /** Everything before `to` (ms) was taken; `isNew`: something of it was not known. */
  async reached(to: number, isNew: boolean): Promise<void> {
    const before = readKept(this.#store.settings(), this.#account() ?? '')?.read_to
    this.change({ read_to: iso(to) })
    const isDue = before === undefined || Math.abs(to - Date.parse(before)) >= WRITTEN_EVERY
    if (isDue || this.#isUnwritten || isNew) await this.write()
  }

  /** These (ms) were missed, and nobody has seen that yet. */
  missed(at: readonly number[]): void {
    if (at.length === 0) return
    const away = this.now()?.away
    const since = iso(Math.min(...at))
    const messages = (away?.messages ?? 0) + at.length
    this.change({ away: { messages, since: away && away.since < since ? away.since : since } })
  }

  /** What another answers of a number: until when (ms), and that something of it came. */
  readonly others = {
    upTo: (number: string, medium: Medium): number | undefined => othersUpTo(this.now(), number, medium),
    note: (number: string, medium: Medium, at: number): void => {
      const known = this.now()
      if (!known) return
      this.#kept = withOthers(known, number, medium, at)
      this.#isUnwritten ||= this.#kept !== known
    },
  }
}
