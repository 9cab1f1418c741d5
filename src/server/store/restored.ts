import { join } from 'node:path'
import type { Disk } from './disk.ts'
import { readDocument, SCHEMA, writeDocument } from './document.ts'
import { openReader } from './reader.ts'
import type { OutboxEntry, Setting } from './types.ts'

type Settings = ReadonlyMap<string, unknown>

/** Settings of a backup that are to be others, seeing what is in its place now: the world outside does not go back with it. */
export type CarryOver = (here: Settings, backup: Settings) => Setting[]

/**
 * What waited to be sent when the backup was made, or was being sent, may have gone since: it is in doubt from now on,
 * so that it is looked up and never goes by itself. Resolves with how many.
 */
export async function doubtOutbox(disk: Disk, fresh: string): Promise<number> {
  const file = join(fresh, 'outbox.json')
  const body = await readDocument(disk, file, 'outbox')
  if (!body) return 0
  const rows = (body.rows as OutboxEntry[]).map(inDoubt)
  await writeDocument(disk, file, { header: body.header, rows })
  return rows.filter((row, i) => row !== body.rows[i]).length
}

/** An attempt began at its time or later: its list is looked through from there on. */
function inDoubt(entry: OutboxEntry): OutboxEntry {
  if (entry.state !== 'queued' && entry.state !== 'calling') return entry
  const { not_before: _, put_off: __, ...rest } = entry
  return { ...rest, state: 'unsure' }
}

/** Puts into the backup's settings what has to outlive it. `seq`: the backup's. */
export async function carrySettings(
  disk: Disk,
  { fresh, folder, seq }: { fresh: string; folder: string; seq: number },
  carryOver: CarryOver,
): Promise<void> {
  const file = join(fresh, 'settings.json')
  const body = await readDocument(disk, file, 'settings')
  const rows = new Map(((body?.rows ?? []) as Setting[]).map((row) => [row._id, row]))
  const backup = new Map([...rows.values()].map(({ _id, value }) => [_id, value]))
  const carried = carryOver(await settingsOf(disk, folder), backup)
  if (carried.length === 0) return
  for (const row of carried) rows.set(row._id, row)
  await writeDocument(disk, file, {
    header: body?.header ?? { kind: 'settings', schema: SCHEMA, seq },
    rows: [...rows.values()],
  })
}

/** None where they can't be read: that may be why somebody restores. */
async function settingsOf(disk: Disk, folder: string): Promise<Settings> {
  try {
    return (await openReader(folder, { disk })).settings()
  } catch {
    return new Map()
  }
}
