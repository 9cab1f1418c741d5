import { vi } from 'vitest'

/** A window's address and history, for tests that run without one: Back comes later, as in a browser. */
export class Address {
  readonly #entries: { hash: string; state: unknown }[]
  #at = 0
  #listeners: (() => void)[] = []

  /** Puts it where the page looks for its own. `width` of the window in px. */
  constructor(hash: string, width = 1440) {
    this.#entries = [{ hash, state: null }]
    const here = () => this.#here
    vi.stubGlobal('location', {
      get hash() {
        return here().hash
      },
    })
    vi.stubGlobal('history', {
      get state() {
        return here().state
      },
      pushState: (state: unknown, _: string, href: string) => {
        this.#entries.splice(this.#at + 1, Infinity, { hash: href, state })
        this.#at += 1
      },
      replaceState: (state: unknown, _: string, href: string) => {
        this.#entries[this.#at] = { hash: href, state }
      },
      back: () => void setTimeout(() => this.go(-1)),
    })
    vi.stubGlobal('addEventListener', (name: string, listener: () => void) => {
      // Another window changes nothing of what is kept here.
      if (name !== 'storage') this.#listeners.push(listener)
    })
    vi.stubGlobal('matchMedia', (query: string) => {
      const [, side, px] = /\((max|min)-width: (\d+)px\)/.exec(query) ?? []
      return { matches: side === 'max' ? width <= Number(px) : width >= Number(px) }
    })
  }

  get #here() {
    const entry = this.#entries[this.#at]
    if (!entry) throw new Error('The history went beyond its end.')
    return entry
  }
  /** Every address of the history, the one shown in brackets. */
  get steps(): string[] {
    return this.#entries.map(({ hash }, at) => (at === this.#at ? `[${hash}]` : hash))
  }
  /** Back or forward, as the browser's own buttons go. */
  go(by: 1 | -1): void {
    const before = this.#here.hash
    this.#at += by
    if (this.#here.hash !== before) for (const listener of this.#listeners) listener()
  }
  /** An address typed by hand, or a plain link. */
  type(hash: string): void {
    this.#entries.splice(this.#at + 1, Infinity, { hash, state: null })
    this.go(1)
  }
}
