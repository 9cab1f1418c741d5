import { expect, it } from 'vitest'
import { days } from './days.ts'

/** SWITCHBOARD_SOAK_SEEDS: how many; SWITCHBOARD_SOAK_SEED: the first, to repeat a run. */
const first = Number(process.env['SWITCHBOARD_SOAK_SEED'] ?? Math.floor(Math.random() * 1_000_000))
const count = Number(process.env['SWITCHBOARD_SOAK_SEEDS'] ?? 2)
/** Also the log of what failed. */
const VERBOSE = process.env['SWITCHBOARD_SOAK_VERBOSE'] !== undefined
const STEPS = Number(process.env['SWITCHBOARD_SOAK_STEPS'] ?? 60)

it(
  'after days on which everything fails, the console has what the carrier has, each once, in the oracle’s sessions',
  async () => {
    console.log(`days: seed ${first}, ${count} seeds`)
    const failed: { seed: number; wrong: string[] }[] = []
    for (let seed = first; seed < first + count; seed++) {
      const { wrong, lines } = await days(seed, STEPS).catch((error: unknown) => ({
        wrong: [error instanceof Error ? String(error.stack) : String(error)],
        lines: [],
      }))
      if (wrong.length === 0) continue
      failed.push({ seed, wrong })
      if (VERBOSE) console.log(seed, JSON.stringify(wrong), lines.join('\n'))
    }
    expect(failed).toEqual([])
  },
  120_000 + count * 20_000,
)
