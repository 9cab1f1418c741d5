/** What a row's measuring is given. */
export interface Setting {
  /** Smaller histories and fewer rounds: to see whether everything works. */
  quick: boolean
  /** A fresh folder below the system's temporary one; removed when the run is over. */
  folder(): Promise<string>
  /** Tells whoever watches what is being done. */
  say(text: string): void
}

export type Unit = '/s' | 'ms' | 'µs' | 'MB' | 'elements'

/** One line of the table. */
export interface Line {
  what: string
  unit: Unit
  /** One number a round. */
  ours: number[]
  /** What it is measured against, in the rounds between; empty: nothing. */
  against: number[]
  /** What that is, e.g. "plain Koa". */
  peer: string
  goal?: Goal
  /** Anything that helps to read the figures. Only in results.json. */
  more?: Record<string, unknown>
}

/**
 * What is to be reached: a quotient ours/against (or against/ours for `times less`), a difference ours − against, or
 * ours alone.
 */
export interface Goal {
  of: 'ratio' | 'times less' | 'difference' | 'ours'
  atLeast?: number
  atMost?: number
}

/** A row of design §8: measured in one run, its lines made from alternating rounds of ours and the other. */
export interface Row {
  /** Its number in `--only`. */
  number: number
  title: string
  measure(setting: Setting): Promise<Line[]>
}
