import type { Act } from '../../shared/documents.ts'
import { comparePositions, endOfInstant, lastNotAfter, type Position } from './order.ts'

/** A place where the operator ended a session. Messages before it and from it on are apart. */
interface Cut {
  act: Act
  before: Position
}

/** A stretch inside which silence does not break: from one message to another, both included. */
interface Span {
  act: Act
  from: Position
  to: Position
}

/** What the acts say of the place between two neighbouring messages. */
export interface Verdict {
  /** The cut that stands there: later than every span across it. */
  cut: Act | undefined
  /** A span lies across, so that silence does not break. */
  carried: boolean
  /** A session that ends here is closed. */
  closed: boolean
}

const NONE: Verdict = { cut: undefined, carried: false, closed: false }

/** The acts upon one key, ordered so that a place between two messages is found by seeking. */
export class ActIndex {
  readonly acts: readonly Act[]
  readonly #cuts: Cut[] = []
  readonly #spans: Span[] = []
  /** For span i: the farthest end of spans 0 … i. */
  readonly #reach: Position[] = []

  constructor(acts: readonly Act[]) {
    this.acts = acts
    for (const act of acts) {
      const extent = act.undone || act.lifted === 'removed' ? undefined : extentOf(act)
      if (!extent) continue
      if (isCut(act)) this.#cuts.push({ act, before: extent.from })
      else this.#spans.push({ act, ...extent })
    }
    this.#cuts.sort((a, b) => comparePositions(a.before, b.before))
    this.#spans.sort((a, b) => comparePositions(a.from, b.from))
    for (const span of this.#spans) {
      const reach = this.#reach.at(-1)
      this.#reach.push(reach && comparePositions(reach, span.to) > 0 ? reach : span.to)
    }
  }

  /** What holds between `previous` and `next`, or behind `previous` when nothing follows. The later act wins. */
  between(previous: Position, next: Position | undefined): Verdict {
    if (this.#cuts.length === 0 && this.#spans.length === 0) return NONE
    const span = next ? this.#latestSpanAcross(previous, next) : undefined
    const since = span?.order ?? -1
    let cut: Act | undefined
    let closed = false
    const first = lastNotAfter(this.#cuts.length, (i) => this.#cutAt(i).before, previous) + 1
    for (let i = first; i < this.#cuts.length; i++) {
      const { act, before } = this.#cutAt(i)
      if (next && comparePositions(before, next) > 0) break
      if (act.order < since) continue
      if (!cut || act.order > cut.order) cut = act
      if (act.kind === 'close' && act.lifted === undefined) closed = true
    }
    return { cut, carried: span !== undefined, closed }
  }

  /** The close acts that end a session here, whether or not they still close it. */
  closesBetween(previous: Position, next: Position | undefined): Act[] {
    return this.#cuts
      .filter((c) => c.act.kind === 'close' && comparePositions(previous, c.before) < 0)
      .filter((c) => !next || comparePositions(c.before, next) <= 0)
      .map((c) => c.act)
  }

  #latestSpanAcross(previous: Position, next: Position): Act | undefined {
    let latest: Act | undefined
    for (let i = lastNotAfter(this.#spans.length, (k) => this.#spanAt(k).from, previous); i >= 0; i--) {
      const reach = this.#reach[i]
      if (!reach || comparePositions(reach, next) < 0) break
      const span = this.#spanAt(i)
      if (comparePositions(span.to, next) >= 0 && (!latest || span.act.order > latest.order))
        latest = span.act
    }
    return latest
  }

  #cutAt(index: number): Cut {
    const cut = this.#cuts[index]
    if (!cut) throw new RangeError(`no cut ${String(index)}`)
    return cut
  }

  #spanAt(index: number): Span {
    const span = this.#spans[index]
    if (!span) throw new RangeError(`no span ${String(index)}`)
    return span
  }
}

const isCut = (act: Pick<Act, 'kind'>): boolean => act.kind === 'close' || act.kind === 'split'

/**
 * Where an act bears: a span from message to message, a cut before the one position that is both `from` and `to`.
 * Undefined when the act lacks the message it is about.
 */
export function extentOf(
  act: Pick<Act, 'kind' | 'at' | 'from' | 'to'>,
): { from: Position; to: Position } | undefined {
  const from = act.from && position(act.from)
  switch (act.kind) {
    case 'close': {
      const before = from ?? endOfInstant(Date.parse(act.at))
      return { from: before, to: before }
    }
    case 'split':
      return from && { from, to: from }
    case 'reply':
    case 'merge':
      return from && act.to && { from, to: position(act.to) }
  }
}

const position = (p: { at: string; sid: string }): Position => ({ at: Date.parse(p.at), sid: p.sid })
