import { expect, test } from 'vitest'
import { createCare } from '../../src/server/console/care.ts'
import type { BackupMade, Room } from '../../src/server/store/index.ts'
import { TestClock, testLog } from '../store/support.ts'

const MADE: BackupMade = { file: '/data/backups/one.tar.gz', bytes: 12, files: 3, seq: 9 }
const LOOK_EVERY_MS = 600_000

/** Answers in the order it was asked, when the test says so. */
class SlowDisk {
  asked: { answer: (used: number) => void; fail: (error: Error) => void }[] = []
  room(): Promise<Room> {
    return new Promise((resolve, reject) => {
      this.asked.push({
        answer: (used) => resolve({ used, free: 1, backup: null, backupProblem: '' }),
        fail: reject,
      })
    })
  }
  backup = (): Promise<BackupMade> => Promise.resolve(MADE)
}

function bed(more: { newestLog?: () => Promise<string>; backup?: () => Promise<BackupMade> } = {}) {
  const disk = new SlowDisk()
  const clock = new TestClock()
  const log = testLog()
  const told: (number | undefined)[] = []
  const care = createCare({
    store: { room: () => disk.room(), backup: more.backup ?? disk.backup },
    clock,
    log,
    newestLog: more.newestLog,
    facts: () => ({
      version: '1',
      world: 'real',
      counts: {},
      settings: {},
      parts: [],
      secrets: ['s3cret'],
      names: [],
    }),
    changed: () => told.push(care.room?.used),
  })
  return { disk, clock, log, told, care }
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('the disk is looked at from the start on, every ten minutes, and each look is told', async () => {
  const { disk, clock, told, care } = bed()
  expect(care.room).toBeUndefined()
  care.start()
  disk.asked[0]?.answer(1)
  await turn()
  clock.advance(LOOK_EVERY_MS - 1)
  expect(disk.asked).toHaveLength(1)
  clock.advance(1)
  disk.asked[1]?.answer(2)
  await turn()
  expect(told).toEqual([1, 2])
})

test('a disk that fails is looked at again, and what was known stays', async () => {
  const { disk, clock, told, log, care } = bed()
  care.start()
  disk.asked[0]?.answer(1)
  await turn()
  clock.advance(LOOK_EVERY_MS)
  disk.asked[1]?.fail(new Error('EIO'))
  await turn()
  expect(care.room?.used).toBe(1)
  expect(log.lines).toEqual(['[warn] The room on the disk could not be told: Error: EIO'])
  clock.advance(LOOK_EVERY_MS)
  disk.asked[2]?.answer(3)
  await turn()
  expect(told).toEqual([1, 3])
})

test('a disk that hangs is asked once, however often a look falls due; when it answers, once more', async () => {
  const { disk, clock, told, care } = bed()
  care.start()
  for (let due = 0; due < 50; due++) clock.advance(LOOK_EVERY_MS)
  expect(disk.asked).toHaveLength(1)
  disk.asked[0]?.answer(1)
  await turn()
  expect(disk.asked).toHaveLength(2)
  disk.asked[1]?.answer(2)
  await turn()
  expect(told).toEqual([1, 2])
  expect(disk.asked).toHaveLength(2)
})

test('after a backup the disk is looked at, also when a look had begun before', async () => {
  const { disk, told, care } = bed()
  care.start()
  expect(await care.handlers['backup.now']({})).toEqual({ file: MADE.file, bytes: MADE.bytes })
  disk.asked[0]?.answer(1)
  await turn()
  disk.asked[1]?.answer(2)
  await turn()
  expect(told).toEqual([1, 2])
})

test('a backup that cannot be made is said to whoever pressed', async () => {
  const { care } = bed({ backup: () => Promise.reject(new Error('no room')) })
  await expect(care.handlers['backup.now']({})).rejects.toThrow('no room')
})

test('stopped, nothing is looked at or told any more, and a hanging disk holds nothing up', async () => {
  const { disk, clock, told, care } = bed()
  care.start()
  care.stop()
  disk.asked[0]?.answer(1)
  await turn()
  clock.advance(LOOK_EVERY_MS)
  expect(disk.asked).toHaveLength(1)
  expect(told).toEqual([])
})

test('the log to send is named by its time, and made also where the log cannot be read', async () => {
  const good = bed({ newestLog: () => Promise.resolve('2025-01-15T10:00:00.000Z [info] token s3cret') })
  const made = await good.care.handlers['support.log']({})
  expect(made.name).toBe('switchboard-help-2025-01-15T10-00-00.txt')
  expect(made.text).toContain('[info] token •••')
  const bad = bed({ newestLog: () => Promise.reject(new Error('EIO: s3cret')) })
  expect((await bad.care.handlers['support.log']({})).text).toContain('The log could not be read: EIO: •••')
  expect((await bed().care.handlers['support.log']({})).text).toContain('the last 0 of 0 lines')
})
