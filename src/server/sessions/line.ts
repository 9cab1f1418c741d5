import { lastNotAfter, type Position } from './order.ts'

/** A session of a key as an interval of its time line. */
export interface Interval {
  id: string
  first: Position
  last: Position
  /** Latest end of anything in it, ms. */
  until: number
}

/** A key's sessions in order, found by index; no two overlap. */
export interface TimeLine {
  readonly size: number
  interval(index: number): Interval
}

/** Index of the last session that begins at or before the position: the only one that can hold it. -1: none. */
export function indexAt(line: TimeLine, position: Position): number {
  return lastNotAfter(line.size, (i) => line.interval(i).first, position)
}

/** Where a session begins; undefined behind the last. */
export function beginOf(line: TimeLine, index: number): Position | undefined {
  return index < line.size ? line.interval(index).first : undefined
}
