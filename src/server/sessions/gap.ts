import type { GapChange, Medium } from '../../shared/documents.ts'

/** The brief's threshold: five minutes, in milliseconds. A silence strictly longer starts a new session. */
export const DEFAULT_GAP_MS = 300_000
/** Shortest and longest gap that can be set, in milliseconds. */
export const MIN_GAP_MS = 1_000
export const MAX_GAP_MS = 24 * 3_600_000

/** A stretch of time under one gap: it holds from `from` (ms) on, until the next stretch begins. */
interface Stretch {
  from: number
  gap: number
}

export interface ChannelRef {
  _id: string
  number: string
}

/** The gap in force, ms, for a silence that ends at `at` (ms). */
export type GapAt = (at: number) => number

export const constantGap =
  (gap: number): GapAt =>
  () =>
    gap

/**
 * All changes of the gap there ever were, and what they mean for a channel and a medium.
 *
 * A change is dated: it judges silences whose later message is not before it. In a channel that had no message when the
 * change was made it holds from the beginning. The most specific setting wins, and of one setting the latest change; a
 * regrouping overrides them all for what lies before it.
 */
export class GapHistory {
  readonly #changes: readonly GapChange[]
  readonly #stretches = new Map<string, Stretch[]>()

  constructor(changes: readonly GapChange[]) {
    this.#changes = [...changes].sort((a, b) => a.order - b.order)
  }

  gapAt(channel: ChannelRef, medium: Medium): GapAt {
    const stretches = this.#for(channel, medium)
    return (at) => gapWithin(stretches, at)
  }

  /** True when one gap holds from `from` to `to` (ms, both included). */
  isConstant(channel: ChannelRef, medium: Medium, from: number, to: number): boolean {
    const stretches = this.#for(channel, medium)
    const gap = gapWithin(stretches, from)
    return stretches.every((s) => s.from <= from || s.from > to || s.gap === gap)
  }

  #for(channel: ChannelRef, medium: Medium): Stretch[] {
    const name = `${channel._id} ${medium}`
    const stretches = this.#stretches.get(name) ?? this.#build(channel, medium)
    this.#stretches.set(name, stretches)
    return stretches
  }

  #build(channel: ChannelRef, medium: Medium): Stretch[] {
    const levels = gapKeys(channel.number, medium)
      .reverse()
      .map((key) =>
        this.#changes
          .filter((c) => c.key === key)
          .map((c) => ({
            from: c.dated_for.includes(channel._id) ? Date.parse(c.at) : -Infinity,
            value: c.value_ms,
          })),
      )
    const regroupings = this.#changes
      .filter((c) => c.key === 'regroup' || c.key === `channels.${channel.number}.regroup`)
      .map((c) => ({ upTo: Date.parse(c.at), value: c.value_ms }))

    const at = (time: number): number => {
      const regrouped = regroupings.findLast((r) => time <= r.upTo)?.value
      if (regrouped !== undefined && regrouped !== null) return regrouped
      for (const level of levels) {
        const value = level.findLast((c) => c.from <= time)?.value
        if (value !== undefined && value !== null) return value
      }
      return DEFAULT_GAP_MS
    }
    const turns = [-Infinity, ...levels.flat().map((c) => c.from), ...regroupings.map((r) => r.upTo + 1)]
    return [...new Set(turns)].sort((a, b) => (a < b ? -1 : 1)).map((from) => ({ from, gap: at(from) }))
  }
}

function gapWithin(stretches: readonly Stretch[], at: number): number {
  return stretches.findLast((s) => s.from <= at)?.gap ?? DEFAULT_GAP_MS
}

/** The settings that can decide a gap, from the least specific to the most. */
export function gapKeys(number: string, medium: Medium): string[] {
  const own = `channels.${number}.sessions.gap`
  return ['sessions.gap', `sessions.gap.${medium}`, own, `${own}.${medium}`]
}

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/** "1.5h", or a number alone. */
const ONE = /^(\d+(?:\.\d+)?)\s*(ms|s|min|m|h|d)?$/
/** "1h30m", "1 h 30 min", "5m5s": the longer first, each in whole numbers and at most once. */
const SEVERAL = /^(?:(\d+)\s*h\s*)?(?:(\d+)\s*m(?:in)?\s*)?(?:(\d+)\s*s)?$/

/** Reads "5m", "300s", "1h", "1h30m", or plain seconds; undefined unless between 1 s and 24 h. Milliseconds. */
export function parseGap(text: string): number | undefined {
  const ms = milliseconds(text.trim())
  return ms !== undefined && ms >= MIN_GAP_MS && ms <= MAX_GAP_MS ? ms : undefined
}

function milliseconds(text: string): number | undefined {
  const [, amount, unit] = ONE.exec(text) ?? []
  if (amount !== undefined) return Math.round(Number(amount) * (UNITS[unit ?? 's'] ?? 0))
  const parts = SEVERAL.exec(text)
  if (!parts) return undefined
  const [, hours = 0, minutes = 0, seconds = 0] = parts
  return (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000
}

/** The shortest way to write a gap: "5m", "90s", "1h". */
export function formatGap(ms: number): string {
  if (ms % 3_600_000 === 0) return `${String(ms / 3_600_000)}h`
  if (ms % 60_000 === 0) return `${String(ms / 60_000)}m`
  if (ms % 1_000 === 0) return `${String(ms / 1_000)}s`
  return `${String(ms)}ms`
}
