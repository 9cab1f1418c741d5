import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { killRounds } from './rounds.ts'

/** `npm run soak` raises them; a seed repeats the choices, though not the machine's timing. */
const rounds = Number(process.env['SWITCHBOARD_KILL_ROUNDS'] ?? 20)
const seed = Number(process.env['SWITCHBOARD_KILL_SEED'] ?? Math.floor(Math.random() * 2 ** 31))

test(
  `killed ${rounds} times in the middle of everything, the console has all it acknowledged`,
  async () => {
    const home = await mkdtemp(join(tmpdir(), 'switchboard-kill-'))
    const tally = await killRounds({
      rounds,
      seed,
      folder: join(home, 'data'),
      scratch: join(home, 'scratch'),
      progress: (line) => {
        if (rounds > 20) console.log(line)
      },
    })
    const places = [...tally.places].map(([place, times]) => `${place} ${times}`).join(', ')
    console.log(
      `kill: seed ${seed}, ${rounds} rounds, ${tally.acknowledged} messages acknowledged, ${tally.sessions} sessions, ${tally.acts} acts; killed at: ${places}`,
    )
    // Killed where it hurts, not only where chance would have it.
    expect(tally.places.size).toBeGreaterThanOrEqual(8)
    expect(tally.acknowledged).toBeGreaterThan(rounds * 20)
    // Only what went well is cleared away.
    await rm(home, { recursive: true, force: true })
  },
  rounds * 15_000,
)
