import type { Message } from '../../src/shared/documents.ts'
import { SwitchboardError } from '../../src/shared/errors.ts'
import type { Faults } from '../../src/server/carrier/simulator/faults.ts'
import type { Chance } from '../kill/random.ts'
import type { Office } from './office.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND

/** Something goes wrong at the carrier. */
export function fault(faults: Faults, chance: Chance, mayLag: boolean): void {
  const times = chance.between(1, 3)
  chance.pick([
    () => faults.rest({ kind: 'limited', retryAfter: chance.between(1, 20) }, 'any', times),
    () => faults.rest({ kind: 'limited' }, 'create', times),
    () => faults.rest({ kind: 'status', status: chance.pick([500, 502, 503]) }, 'any', times),
    () => {
      const status = chance.pick([500, 503])
      if (!mayLag) faults.rest({ kind: 'status', status, taken: true }, 'create', times)
    },
    () => faults.rest({ kind: 'drop', when: chance.pick(['before', 'after']) }, 'any', times),
    () => faults.rest({ kind: 'drop', when: 'after' }, 'create', times),
    () => faults.callback({ kind: 'lose' }, undefined, times),
    () => faults.callback({ kind: 'twice' }, undefined, times),
    () => faults.callback({ kind: 'delay', ms: chance.between(1, 40) * MINUTE }, undefined, times),
    () => faults.delivery(chance.between(0, 30) * SECOND),
    () => faults.lists({ order: chance.pick(['newest', 'oldest', 'mixed']), wholeDays: chance.next() < 0.5 }),
  ])()
}

/** A person is told so, and nothing has happened. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof SwitchboardError && error.code !== 'internal' && error.code !== 'disk_failed'

export async function allMessages(console: NonNullable<Office['console']>): Promise<Message[]> {
  return console.store.messages(console.store.sessions({}).sessions.map(({ _id }) => _id))
}
