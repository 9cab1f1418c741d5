import { Cell } from '../../state/cell.ts'

/** Within this many px of its end a transcript follows what arrives. */
const NEAR = 48
const BY_HAND = ['wheel', 'touchmove', 'keydown'] as const

/**
 * Keeps a reader's place. At the end of the transcript it follows what arrives; anywhere else nothing moves, and what
 * arrived below is counted. What is put in above does not push what is being read: the distance to the end is kept.
 */
export class ReadingPlace {
  /** Messages that arrived below what is being read. */
  readonly below = new Cell(0)
  readonly #places: Map<string, number>
  readonly #id: string
  #log: HTMLElement | null = null
  #following = true
  /** Distance to the end to be kept while something is put in above, px. */
  #fromEnd: number | null = null
  #last: string | null = null
  /** Where it was scrolled to when last looked at, px. */
  #at = 0

  constructor(places: Map<string, number>, id: string) {
    this.#places = places
    this.#id = id
  }

  readonly attach = (log: HTMLElement | null): (() => void) | undefined => {
    const content = log?.firstElementChild
    if (!log || !content) return undefined
    this.#log = log
    const kept = this.#places.get(this.#id)
    this.#following = kept === undefined
    this.#fromEnd = kept ?? null

    const onScroll = () => {
      const isNear = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR
      // Told late: what arrived since may lie below already, and only who moves up wants to stay there.
      if (isNear) this.#following = true
      else if (log.scrollTop < this.#at) this.#following = false
      this.#at = log.scrollTop
      if (this.#following) this.below.set(0)
    }
    // A hand on the wheel or a key: from here on the place is the reader's.
    const release = () => (this.#fromEnd = null)
    const grown = new ResizeObserver(() => this.#settle(log))
    grown.observe(content)
    grown.observe(log)
    this.#settle(log)
    log.addEventListener('scroll', onScroll, { passive: true })
    for (const name of BY_HAND) log.addEventListener(name, release, { passive: true })
    return () => {
      if (this.#following) this.#places.delete(this.#id)
      else this.#places.set(this.#id, log.scrollHeight - log.scrollTop)
      this.#log = null
      grown.disconnect()
      log.removeEventListener('scroll', onScroll)
      for (const name of BY_HAND) log.removeEventListener(name, release)
    }
  }

  /** Something is about to be put in above. */
  readonly keep = (): void => {
    if (!this.#log) return
    this.#following = false
    this.#fromEnd = this.#log.scrollHeight - this.#log.scrollTop
  }
  readonly toEnd = (): void => {
    this.#fromEnd = null
    this.#following = true
    this.below.set(0)
    if (this.#log) this.#settle(this.#log)
  }
  /** The ids there are now, oldest first. */
  readonly arrived = (ids: readonly string[]): void => {
    const before = this.#last === null ? -1 : ids.lastIndexOf(this.#last)
    this.#last = ids.at(-1) ?? null
    if (before !== -1 && !this.#following) this.below.update((below) => below + ids.length - 1 - before)
  }

  #settle(log: HTMLElement): void {
    if (this.#following) log.scrollTop = log.scrollHeight
    else if (this.#fromEnd !== null) log.scrollTop = log.scrollHeight - this.#fromEnd
    this.#at = log.scrollTop
  }
}
