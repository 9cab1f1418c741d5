import { expect, it } from 'vitest'
import { days } from './days.ts'

/** SWITCHBOARD_SOAK_SEEDS: how many; SWITCHBOARD_SOAK_SEED: the first, to repeat a run. */
const first = Number(process.env['SWITCHBOARD_SOAK_SEED'] ?? Math.floor(Math.random() * 1_000_000))
const count = Number(process.env['SWITCHBOARD_SOAK_SEEDS'] ?? 2)
const STEPS = Number(process.env['SWITCHBOARD_SOAK_STEPS'] ?? 60)

it(
  'after days on which everything fails, the console has what the carrier has, each once, in the oracle’s sessions',
  async () => {
    console.log(`days: seed ${first}, ${count} seeds`)
    for (let seed = first; seed < first + count; seed++) {
      const { wrong, lines } = await days(seed, STEPS)
      if (wrong.length > 0) console.log(lines.slice(-60).join('\n'))
      expect({ seed, wrong }).toEqual({ seed, wrong: [] })
    }
  },
  120_000 + count * 20_000,
)
