/** A message as a line of text, with its place in the order. */
export interface Row {
  at: string
  sid: string
  line: string
}

/** Some messages that lie between two times, read when they are needed, more than once if need be. */
export interface Slab {
  from: string
  to: string
  rows(): Promise<Row[]>
}

/** Rows held at once, at about 600 bytes each. */
const HELD = 100_000

/**
 * Lines of all slabs by (at, sid). Slabs that follow each other in time, as messages arrive, are read once and at most a
 * few are held. Where many overlap (an old history imported late) no more than `held` rows are: what lies
 * beyond is let go of and read again in a later round.
 */
export async function* sweep(slabs: readonly Slab[], held = HELD): AsyncGenerator<string> {
  const sorted = [...slabs].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))
  for (let floor: string | undefined = ''; floor !== undefined;) {
    const round: Round = { floor, ceiling: undefined }
    yield* oneRound(sorted, round, held)
    floor = round.ceiling
  }
}

/** Rows with floor < at ≤ ceiling. The ceiling comes down while too much is held. */
interface Round {
  floor: string
  ceiling: string | undefined
}

async function* oneRound(sorted: readonly Slab[], round: Round, held: number): AsyncGenerator<string> {
  let rows: Row[] = []
  for (const [i, slab] of sorted.entries()) {
    if (slab.to <= round.floor) continue
    if (round.ceiling !== undefined && slab.from > round.ceiling) break
    for (const row of await slab.rows())
      if (row.at > round.floor && (round.ceiling === undefined || row.at <= round.ceiling)) rows.push(row)
    rows.sort(byPlace)
    if (rows.length > held) {
      const ceiling = rows[Math.floor(held / 2)]?.at ?? ''
      round.ceiling = ceiling
      rows = rows.filter((row) => row.at <= ceiling)
    }
    const next = sorted.slice(i + 1).find((s) => s.to > round.floor)
    const end = next ? rows.findIndex((row) => row.at >= next.from) : -1
    const ready = next && end >= 0 ? rows.splice(0, end) : rows.splice(0)
    for (const row of ready) yield row.line
  }
  for (const row of rows) yield row.line
}

function byPlace(a: Row, b: Row): number {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1
  return a.sid < b.sid ? -1 : a.sid > b.sid ? 1 : 0
}
