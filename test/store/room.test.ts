import { mkdir, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { RealDisk } from '../../src/server/store/index.ts'
import { Paths } from '../../src/server/store/paths.ts'
import { roomOf } from '../../src/server/store/room.ts'
import { DiskError, MemoryDisk } from './memory-disk.ts'
import { fill, freshFolder, openStore, TestClock } from './support.ts'

async function folderOf(files: Record<string, { bytes: number; modified?: number }>): Promise<string> {
  const folder = await freshFolder()
  for (const [name, { bytes, modified }] of Object.entries(files)) {
    const file = join(folder, ...name.split('/'))
    await mkdir(join(file, '..'), { recursive: true })
    await writeFile(file, Buffer.alloc(bytes))
    if (modified !== undefined) await utimes(file, modified, modified)
  }
  return folder
}

test('everything in the folder is counted, however deep, and what is free is the disk’s', async () => {
  const folder = await folderOf({
    'store.json': { bytes: 10 },
    'messages/000001.json': { bytes: 200 },
    'media/ab/ab12': { bytes: 3_000 },
  })
  const room = await roomOf(new RealDisk(), new Paths(folder), '')
  expect(room).toMatchObject({ used: 3_210, backup: null })
  expect(room.free).toBeGreaterThan(0)
})

test('a file that goes while it is counted counts nothing', async () => {
  const folder = await folderOf({ 'a.json': { bytes: 1 }, 'b.json': { bytes: 20 } })
  const disk = new RealDisk()
  const facts = disk.facts.bind(disk)
  disk.facts = async (file) => {
    await rm(join(folder, 'b.json'), { force: true })
    return facts(file)
  }
  expect((await roomOf(disk, new Paths(folder), '')).used).toBe(1)
})

test('the newest backup is the one made last; other files beside them are none', async () => {
  const folder = await folderOf({
    'backups/switchboard-2025-01-14.tar.gz': { bytes: 1, modified: 5_000 },
    'backups/switchboard-2025-01-15.tar.gz': { bytes: 22, modified: 3_000 },
    'backups/switchboard-2025-01-15T10-00-00.tar.gz': { bytes: 3, modified: 2_000 },
    'backups/.switchboard-2025-01-16.tar.gz.tmp': { bytes: 4, modified: 6_000 },
    'backups/the-old-computer.tar.gz': { bytes: 5, modified: 9_000 },
  })
  expect((await roomOf(new RealDisk(), new Paths(folder), '')).backup).toEqual({
    file: join(folder, 'backups', 'switchboard-2025-01-15.tar.gz'),
    at: 3_000_000,
    bytes: 22,
  })
})

test('a daily backup that fails is known, and no longer once it was made', async () => {
  const disk = new MemoryDisk()
  const clock = new TestClock()
  const store = await openStore('/home/data', { disk, clock })
  await fill(store, 1, 3)
  const problemIs = async (wanted: RegExp): Promise<void> => {
    // The test's own time limit ends it when it never comes.
    while (!wanted.test((await store.room()).backupProblem)) await new Promise(setImmediate)
  }
  await problemIs(/^$/)
  disk.interfere = (operation, file) => {
    if (operation === 'write' && file.endsWith('.tar.gz.tmp')) throw new DiskError('ENOSPC', file)
  }
  clock.advance(60_000)
  await problemIs(/^The disk is full/)
  disk.interfere = () => undefined
  clock.advance(3_600_000)
  await problemIs(/^$/)
  await store.close()
})
