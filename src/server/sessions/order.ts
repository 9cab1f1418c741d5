/** Where a message stands in its conversation: order is by time, then by SID (design: "Order of messages"). */
export interface Position {
  /** Milliseconds since the epoch. */
  at: number
  sid: string
}

export function comparePositions(a: Position, b: Position): number {
  if (a.at !== b.at) return a.at - b.at
  return a.sid < b.sid ? -1 : a.sid > b.sid ? 1 : 0
}

/** The place right behind every message of that instant: where a session that is closed at `at` ends. */
export function endOfInstant(at: number): Position {
  return { at, sid: '\uffff' }
}

/** Index of the last element whose position is not after `position`; -1 when all are after it. `positionOf(i)` must rise. */
export function lastNotAfter(
  size: number,
  positionOf: (index: number) => Position,
  position: Position,
): number {
  let low = 0
  let high = size
  while (low < high) {
    const middle = (low + high) >>> 1
    if (comparePositions(positionOf(middle), position) <= 0) low = middle + 1
    else high = middle
  }
  return low - 1
}
