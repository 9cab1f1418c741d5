import { appendFile, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Problem } from '../../src/server/store/set-aside.ts'
import { inconsistencies } from '../kill/check.ts'
import { ANN, BEN, type Running } from '../support/running.ts'
import {
  asIfKilled,
  bed,
  everything,
  expectSound,
  filesOf,
  freshFolder,
  SMALL,
  someHistory,
} from './support.ts'

type Before = Awaited<ReturnType<typeof everything>>

/** A folder with some history, everything in its documents. */
async function closedFolder(): Promise<{ folder: string; before: Before }> {
  const folder = await freshFolder()
  const r = await bed({ folder })
  await someHistory(r)
  const before = await everything(r)
  await r.switchboard.close()
  return { folder, before }
}

/** Opens it again: all is as before, it says what was wrong, and whatever was repaired stays so. */
async function expectAsBefore(folder: string, before: Before): Promise<readonly Problem[]> {
  const r = await bed({ folder })
  expect(await everything(r)).toEqual(before)
  // Looked at as a whole, for damage that nobody has come across yet.
  await r.switchboard.commands.verify({ repair: true }, () => undefined)
  expect(await everything(r)).toEqual(before)
  const problems = r.switchboard.store.problems()
  await expectGoingOn(r)
  await r.restart()
  expect(r.switchboard.store.problems()).toEqual([])
  expect(await everything(r)).toMatchObject({ messages: [...before.messages, {}] })
  await expectSound(r)
  return problems
}

async function expectGoingOn(r: Running): Promise<void> {
  r.clock.advance(100 * 24 * 3_600_000)
  await r.sms(ANN, 'and on it goes')
}

async function flip(file: string, where = 0.5): Promise<Buffer> {
  const bytes = await readFile(file)
  const at = Math.floor(bytes.length * where)
  bytes[at] = (bytes[at] ?? 0) ^ 0x01
  await writeFile(file, bytes)
  return bytes
}

const DOCUMENTS = [
  'messages/000001.json',
  'sessions/000001.json',
  'acts/000001.json',
  'channels.json',
  'gaps.json',
  'settings.json',
  'store.json',
]

test.each(DOCUMENTS)('a flipped byte in %s: set aside, rebuilt, said', async (name) => {
  const { folder, before } = await closedFolder()
  const damaged = await flip(join(folder, name))
  const said = await expectAsBefore(folder, before)
  const kept = await filesOf(join(folder, 'set-aside'))
  expect([...kept.values()]).toContain(damaged.toString('base64'))
  if (!name.startsWith('sessions') && !name.startsWith('acts'))
    expect(said.map((p) => p.file)).toContain(name)
})

test.each(DOCUMENTS.filter((name) => name !== 'store.json'))(
  '%s is deleted: rebuilt and said',
  async (name) => {
    const { folder, before } = await closedFolder()
    await rm(join(folder, name))
    const said = await expectAsBefore(folder, before)
    expect(said.map((p) => p.file)).toContain(name)
  },
)

test.each(DOCUMENTS)('a flipped byte in %s and no index: the journals have it all', async (name) => {
  const { folder, before } = await closedFolder()
  await rm(join(folder, 'index'), { recursive: true })
  await flip(join(folder, name), 0.7)
  const said = await expectAsBefore(folder, before)
  expect(said.map((p) => p.file)).toContain(name)
})

test('wherever the byte is in a message document, index or none', async () => {
  const { folder, before } = await closedFolder()
  for (let tenth = 1; tenth < 20; tenth++) {
    const copy = await asIfKilled(folder)
    if (tenth % 3 > 0) await rm(join(copy, 'index'), { recursive: true })
    await flip(join(copy, 'messages', '000001.json'), tenth / 20)
    const r = await bed({ folder: copy })
    expect(await everything(r)).toEqual(before)
    await expectSound(r)
    await r.switchboard.close()
  }
}, 60_000)

test.each(DOCUMENTS.filter((name) => name !== 'store.json'))('%s is deleted, and no index', async (name) => {
  const { folder, before } = await closedFolder()
  await rm(join(folder, 'index'), { recursive: true })
  await rm(join(folder, name))
  await expectAsBefore(folder, before)
})

test('the index is deleted: made anew, with nothing to be said', async () => {
  const { folder, before } = await closedFolder()
  await rm(join(folder, 'index'), { recursive: true })
  expect(await expectAsBefore(folder, before)).toEqual([])
})

test.each([0.01, 0.3, 0.6, 0.99])('the index is damaged at %f: made anew', async (where) => {
  const { folder, before } = await closedFolder()
  await flip(join(folder, 'index', 'index.bin'), where)
  await expectAsBefore(folder, before)
})

test('the index is cut short: made anew', async () => {
  const { folder, before } = await closedFolder()
  await truncate(join(folder, 'index', 'index.bin'), 100)
  await expectAsBefore(folder, before)
})

test('store.json and the index are gone: the documents and journals are enough', async () => {
  const { folder, before } = await closedFolder()
  await rm(join(folder, 'index'), { recursive: true })
  await rm(join(folder, 'store.json'))
  await expectAsBefore(folder, before)
})

/** The journal file that is written to. */
async function newestJournal(folder: string): Promise<string> {
  const names = (await readdir(join(folder, 'journal'))).filter((name) => name.endsWith('.ndjson')).sort()
  return join(folder, 'journal', names.at(-1) ?? '')
}

test.each([1, 40, 200])(
  '%i bytes of a record that was never finished are cut, and that is said',
  async (bytes) => {
    const r = await bed({ store: {} })
    await someHistory(r)
    const before = await everything(r)
    const folder = await asIfKilled(r.switchboard.store.folder)
    const journal = await newestJournal(folder)
    const [, record = ''] = (await readFile(journal, 'utf8')).split('\n')
    await appendFile(journal, record.slice(0, bytes))
    const [problem, ...more] = await expectAsBefore(folder, before)
    expect(problem?.what).toBe(`its last ${bytes} bytes are half a record`)
    expect(more).toEqual([])
  },
)

test('a record in the middle of the journal is damaged: it alone is set aside, and that is said', async () => {
  const r = await bed({ store: {} })
  const sids: string[] = []
  for (let n = 0; n < 10; n++) sids.push(await r.sms(n % 2 ? ANN : BEN, `number ${n}`))
  const folder = await asIfKilled(r.switchboard.store.folder)
  const journal = await newestJournal(folder)
  const lines = (await readFile(journal, 'utf8')).split('\n')
  const at = lines.findIndex((line) => line.includes(sids[7] ?? ''))
  lines[at] = (lines[at] ?? '').replace('number 7', 'number 8')
  await writeFile(journal, lines.join('\n'))

  const after = await bed({ folder })
  const { messages } = await everything(after)
  expect(messages.map((m) => m.sid).sort()).toEqual(sids.filter((sid) => sid !== sids[7]).sort())
  expect(after.switchboard.store.problems()).toMatchObject([
    { what: expect.stringContaining('is damaged') as unknown },
  ])
  const kept = [...(await filesOf(join(folder, 'set-aside'))).values()]
  expect(kept.map((file) => Buffer.from(file, 'base64').toString())).toEqual([`${lines[at] ?? ''}\n`])
  // What its session had counted is put right by a repair, and the message is taken when it comes again.
  await after.switchboard.commands.verify({ repair: true }, () => undefined)
  expect((await inconsistencies(after.switchboard.store)).wrong).toEqual([])
  await after.sms(ANN, 'number 7', sids[7])
  expect((await everything(after)).messages).toHaveLength(10)
  expect((await inconsistencies(after.switchboard.store)).wrong).toEqual([])
})

test('a store of a newer version is refused, and not a byte of it is touched', async () => {
  const { folder } = await closedFolder()
  const file = join(folder, 'store.json')
  await writeFile(file, (await readFile(file, 'utf8')).replace('"schema":1', '"schema":2'))
  const before = await filesOf(folder)
  await expect(bed({ folder, store: SMALL })).rejects.toMatchObject({ code: 'data_newer' })
  expect(await filesOf(folder)).toEqual(before)
})
