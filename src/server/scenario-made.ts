import type { Made, Miss } from '../shared/contract.ts'
import {
  BUSINESS_NUMBER,
  expectations,
  mediaOf,
  type Played,
  type ScenarioName,
} from './carrier/simulator/index.ts'
import { readReplySettings, SIMULATION_DEFAULTS } from './replies/index.ts'
import { DEFAULT_GAP_MS, GapHistory } from './sessions/index.ts'
import type { Store } from './store/index.ts'

/** What a scenario came to, and where that is not what the brief says, why. */
export function madeOf(store: Store, name: ScenarioName, played: Played): Made {
  const counts = countsSince(store, played.began)
  const expected = expectations[name]
  const asExpected = expected === null ? null : counts.join() === expected.join()
  return {
    sessions: counts.length,
    messages: sum(counts),
    as_expected: asExpected,
    misses: expected === null || asExpected === true ? [] : missesOf(store, name, played, counts, expected),
    phone: played.phone,
    session: store.sessions({ from: played.phone, limit: 1 }).sessions[0]?._id ?? null,
  }
}

/** Messages of each session since then, oldest first. */
function countsSince(store: Store, began: number): number[] {
  return store
    .sessions({ since: began })
    .sessions.filter(({ metadata }) => Date.parse(metadata.firstMessageAt) >= began)
    .map(({ message_count }) => message_count)
    .reverse()
}

/** Only what can be the reason: a gap makes other sessions of the same messages, answers make other messages. */
function missesOf(
  store: Store,
  name: ScenarioName,
  { disturbed }: Played,
  counts: readonly number[],
  expected: readonly number[],
): Miss[] {
  const misses: Miss[] = []
  if (counts.length !== expected.length) misses.push(...otherGaps(store, name))
  if (sum(counts) !== sum(expected)) misses.push(...otherAnswers(store))
  if (disturbed) misses.push({ code: 'disturbed' })
  return misses
}

function otherGaps(store: Store, name: ScenarioName): Miss[] {
  const channel = store.channels().find(({ number }) => number === BUSINESS_NUMBER)
  if (!channel) return []
  const gaps = new GapHistory(store.gaps())
  return [...mediaOf(name)]
    .map((medium) => ({ code: 'gap' as const, medium, gap_ms: gaps.gapAt(channel, medium)(Infinity) }))
    .filter(({ gap_ms }) => gap_ms !== DEFAULT_GAP_MS)
}

function otherAnswers(store: Store): Miss[] {
  const now = readReplySettings(store.settings(), SIMULATION_DEFAULTS)
  if (!now.enabled) return [{ code: 'answers_off' }]
  return JSON.stringify(now) === JSON.stringify(SIMULATION_DEFAULTS) ? [] : [{ code: 'answers_changed' }]
}

const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0)
