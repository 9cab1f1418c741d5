/** Rows kept beyond each edge of what is seen, and the step in which the window moves. */
const BEYOND = 8
const STEP = 4

/**
 * Which rows of a list of fixed height are to be there, told anew only when that moves by a step. Rows that need no
 * measuring need no library: TanStack Virtual's hook returns functions that React's own lint rule
 * (react-hooks/incompatible-library) refuses.
 */
export class ScrollWindow {
  readonly #rowHeight: number
  readonly #listeners = new Set<() => void>()
  #element: HTMLElement | null = null
  #first = 0
  #seen = 0

  constructor(rowHeight: number) {
    this.#rowHeight = rowHeight
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  /** The first row and one past the last, as one value to compare. */
  readonly range = (): string => `${this.#first - BEYOND}/${this.#first + this.#seen + STEP + BEYOND}`

  readonly attach = (element: HTMLElement | null): (() => void) | undefined => {
    if (!element) return undefined
    this.#element = element
    const measure = () => this.#measure(element)
    const resized = new ResizeObserver(measure)
    resized.observe(element)
    element.addEventListener('scroll', measure, { passive: true })
    this.#measure(element)
    return () => {
      this.#element = null
      resized.disconnect()
      element.removeEventListener('scroll', measure)
    }
  }

  /** Brings a row into sight, moving as little as possible. */
  reveal(place: number): void {
    if (!this.#element) return
    const top = place * this.#rowHeight
    const { scrollTop, clientHeight } = this.#element
    if (top < scrollTop) this.#element.scrollTop = top
    else if (top + this.#rowHeight > scrollTop + clientHeight)
      this.#element.scrollTop = top + this.#rowHeight - clientHeight
  }
  toTop(): void {
    if (this.#element) this.#element.scrollTop = 0
  }
  focus(): void {
    this.#element?.focus({ preventScroll: true })
  }
  /** Whole rows in sight. */
  get rowsSeen(): number {
    return Math.max(1, this.#seen - 1)
  }

  #measure(element: HTMLElement): void {
    const before = this.range()
    this.#first = Math.floor(element.scrollTop / this.#rowHeight / STEP) * STEP
    this.#seen = Math.ceil(element.clientHeight / this.#rowHeight)
    if (this.range() !== before) for (const listener of this.#listeners) listener()
  }
}
