import { packText, unpackText } from './packed-text.ts'

/** Sessions in one page, and in one document `sessions/NNNNNN.json`. */
export const PAGE_ROWS = 1_000

/** Times and lengths in ms. */
export const TIMES = {
  first: 0,
  last: 1,
  started: 2,
  waiting: 3,
  created: 4,
  updated: 5,
  reason: 6,
  heard: 7,
  answered: 8,
} as const
export const WORDS = { key: 0, count: 1, unread: 2, gap: 3, flags: 4, segmentFrom: 5, segmentTo: 6 } as const
export const TEXTS = { id: 0, firstSid: 1, lastSid: 2, preview: 3, profile: 4, extra: 5 } as const
export type TimeColumn = (typeof TIMES)[keyof typeof TIMES]
export type WordColumn = (typeof WORDS)[keyof typeof WORDS]
export type TextColumn = (typeof TEXTS)[keyof typeof TEXTS]

const TIME_COLUMNS = 9
const WORD_COLUMNS = 7
const TEXT_COLUMNS = 6
const CELLS = PAGE_ROWS * TEXT_COLUMNS
/** Texts changed since the page was packed; more than these and it is packed again. */
const LOOSE_TEXTS = 1_500

/** One row, column by column. */
export interface RowCopy {
  times: number[]
  words: number[]
  texts: string[]
}

/**
 * A thousand sessions as columns: about 300 bytes each where objects take three times that. Numbers are in typed arrays;
 * texts lie packed in one run of UTF-8 with their offsets, and those changed since in a map until the next packing.
 */
export class SessionPage {
  rows = 0
  /** Sequence of the newest change, and of the newest the document on disk includes. */
  changed = 0
  written = 0
  readonly #times: Float64Array
  readonly #words: Uint32Array
  #offsets: Uint32Array
  #packed: Buffer
  readonly #loose = new Map<number, string>()

  constructor(from?: {
    rows: number
    changed: number
    written: number
    times: Float64Array
    words: Uint32Array
    offsets: Uint32Array
    packed: Buffer
  }) {
    this.#times = from?.times ?? new Float64Array(PAGE_ROWS * TIME_COLUMNS)
    this.#words = from?.words ?? new Uint32Array(PAGE_ROWS * WORD_COLUMNS)
    this.#offsets = from?.offsets ?? new Uint32Array(CELLS + 1)
    this.#packed = from?.packed ?? Buffer.alloc(0)
    this.rows = from?.rows ?? 0
    this.changed = from?.changed ?? 0
    this.written = from?.written ?? 0
  }

  time(row: number, column: TimeColumn): number {
    return this.#times[column * PAGE_ROWS + row] ?? 0
  }

  setTime(row: number, column: TimeColumn, value: number): void {
    this.#times[column * PAGE_ROWS + row] = value
  }

  word(row: number, column: WordColumn): number {
    return this.#words[column * PAGE_ROWS + row] ?? 0
  }

  setWord(row: number, column: WordColumn, value: number): void {
    this.#words[column * PAGE_ROWS + row] = value
  }

  text(row: number, column: TextColumn): string {
    const cell = row * TEXT_COLUMNS + column
    const loose = this.#loose.get(cell)
    if (loose !== undefined) return loose
    const from = this.#offsets[cell] ?? 0
    const to = this.#offsets[cell + 1] ?? 0
    return from === to ? '' : unpackText(this.#packed, from, to)
  }

  setText(row: number, column: TextColumn, value: string): void {
    if (this.text(row, column) === value) return
    this.#loose.set(row * TEXT_COLUMNS + column, value)
    if (this.#loose.size > LOOSE_TEXTS) this.#pack()
  }

  /** A row as it is, to be put back as it was. */
  copyRow(row: number): RowCopy {
    const copy: RowCopy = { times: [], words: [], texts: [] }
    for (let c = 0; c < TIME_COLUMNS; c++) copy.times.push(this.#times[c * PAGE_ROWS + row] ?? 0)
    for (let c = 0; c < WORD_COLUMNS; c++) copy.words.push(this.#words[c * PAGE_ROWS + row] ?? 0)
    for (let c = 0; c < TEXT_COLUMNS; c++) copy.texts.push(this.text(row, c as TextColumn))
    return copy
  }

  putBack(row: number, copy: RowCopy): void {
    for (let c = 0; c < TIME_COLUMNS; c++) this.#times[c * PAGE_ROWS + row] = copy.times[c] ?? 0
    for (let c = 0; c < WORD_COLUMNS; c++) this.#words[c * PAGE_ROWS + row] = copy.words[c] ?? 0
    for (let c = 0; c < TEXT_COLUMNS; c++) this.setText(row, c as TextColumn, copy.texts[c] ?? '')
  }

  /** Clears a row that is taken back. */
  clear(row: number): void {
    for (let c = 0; c < TIME_COLUMNS; c++) this.#times[c * PAGE_ROWS + row] = 0
    for (let c = 0; c < WORD_COLUMNS; c++) this.#words[c * PAGE_ROWS + row] = 0
    for (let c = 0; c < TEXT_COLUMNS; c++) this.#loose.set(row * TEXT_COLUMNS + c, '')
  }

  /** The page's arrays for a snapshot, as they are at this moment; copy before anything else runs. */
  arrays(): { times: Float64Array; words: Uint32Array; offsets: Uint32Array; packed: Buffer } {
    if (this.#loose.size > 0) this.#pack()
    return { times: this.#times, words: this.#words, offsets: this.#offsets, packed: this.#packed }
  }

  #pack(): void {
    const offsets = new Uint32Array(CELLS + 1)
    const pieces: Buffer[] = []
    let at = 0
    let runFrom = 0
    let runTo = 0
    const endRun = (): void => {
      if (runTo > runFrom) pieces.push(this.#packed.subarray(runFrom, runTo))
    }
    for (let cell = 0; cell < CELLS; cell++) {
      offsets[cell] = at
      const loose = this.#loose.get(cell)
      const from = this.#offsets[cell] ?? 0
      const to = this.#offsets[cell + 1] ?? 0
      if (loose === undefined) {
        if (from !== runTo) {
          endRun()
          runFrom = from
        }
        runTo = to
        at += to - from
        continue
      }
      endRun()
      runFrom = runTo = to
      if (loose === '') continue
      const bytes = packText(loose)
      pieces.push(bytes)
      at += bytes.length
    }
    endRun()
    offsets[CELLS] = at
    this.#packed = Buffer.from(Buffer.concat(pieces))
    this.#offsets = offsets
    this.#loose.clear()
  }
}
