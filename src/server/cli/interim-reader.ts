import { join } from 'node:path'
import { SwitchboardError } from '../../shared/errors.ts'
import { createStore, RealDisk } from '../store/index.ts'
import { createIds, createLog, systemClock } from '../system/index.ts'
import type { Reader } from './backstage.ts'

/** Reads a folder no console runs on, until the store's own reader (beside a running console) is there. */
export async function openReader(folder: string): Promise<Reader> {
  if (!(await new RealDisk().facts(join(folder, 'store.json'))))
    throw new SwitchboardError('no_data', { data: folder })
  const log = createLog({ clock: systemClock, sinks: [] })
  return createStore({ folder, clock: systemClock, ids: createIds(systemClock), log })
}
