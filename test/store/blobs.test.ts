import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { restore, TooLarge, type Verdict } from '../../src/server/store/index.ts'
import { Blobs } from '../../src/server/store/blobs.ts'
import { MemoryDisk } from './memory-disk.ts'
import { message, openStore, session, TestClock } from './support.ts'

const FOLDER = '/home/data'
const MEDIA = `${FOLDER}/media`
const FILE = '/usb/backup.tar.gz'
const identify = () => Promise.resolve(undefined)
const bytes = (text: string) => [Buffer.from(text)]
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')
const pathOf = (text: string) => `${MEDIA}/${hashOf(text).slice(0, 2)}/${hashOf(text)}`

/** The store's own tests look at the rest: this message's session is none that the rule would make. */
const aboutFiles = ({ problems }: Verdict) =>
  problems.filter(({ what }) => /file|name/.test(what)).map(({ what, repaired }) => [what, repaired])

/** A store with one message whose file says `text`. */
async function withFile(disk: MemoryDisk, text: string) {
  const store = await openStore(FOLDER, { disk })
  const { hash, size } = await store.blobs.put(bytes(text), 100)
  const media = [
    {
      url: 'https://api.twilio.com/a',
      content_type: 'image/png',
      file: { hash, size, content_type: 'image/png' },
    },
  ]
  await store.commit({
    why: 'message',
    sessions: [session(1, 1, 1, 0)],
    messages: [{ ...message(1, 1, 1, 0), media }],
  })
  return store
}

describe('files', () => {
  test('are kept once, and read whole or in part', async () => {
    const disk = new MemoryDisk()
    const blobs = new Blobs(disk, MEDIA)
    const first = await blobs.put(bytes('hello'), 5)
    expect(first).toMatchObject({ hash: hashOf('hello'), size: 5 })
    await blobs.put([Buffer.from('he'), Buffer.from('llo')], 5)
    expect(await blobs.list()).toEqual([`${first.hash.slice(0, 2)}/${first.hash}`])
    const blob = await blobs.open(first.hash)
    expect((await blob?.read(1, 3))?.toString()).toBe('ell')
    expect((await blob?.read(3, 99))?.toString()).toBe('lo')
  })

  test.each([
    '',
    '..',
    '../store.json',
    `${'a'.repeat(63)}/`,
    'A'.repeat(64),
    `${'a'.repeat(64)}\0`,
    'g'.repeat(64),
  ])('no name but a hash leads anywhere: %j', async (name) => {
    expect(await new Blobs(new MemoryDisk(), MEDIA).open(name)).toBeUndefined()
  })

  test('leave nothing behind when they are too large or break off', async () => {
    const disk = new MemoryDisk()
    const blobs = new Blobs(disk, MEDIA)
    await expect(blobs.put(bytes('hello'), 4)).rejects.toThrow(TooLarge)
    const broken = (async function* () {
      yield Buffer.from('he')
      await Promise.resolve()
      throw new Error('gone')
    })()
    await expect(blobs.put(broken, 100)).rejects.toThrow('gone')
    expect(disk.files()).toEqual([])
  })

  test('half written when the power went are removed at the next start', async () => {
    const disk = new MemoryDisk()
    await (await openStore(FOLDER, { disk })).close()
    const file = await disk.open(`${MEDIA}/.1-1.tmp`, 'write')
    await file.write(Buffer.from('half'), 0)
    await file.close()
    await openStore(FOLDER, { disk })
    expect(disk.files().filter((name) => name.startsWith(MEDIA))).toEqual([])
  })
})

test('a message that awaits a file is on the list in the same record, and off it when it has come', async () => {
  const disk = new MemoryDisk()
  const store = await openStore(FOLDER, { disk })
  const awaited = { url: 'https://api.twilio.com/a', content_type: 'image/png' }
  const first = { ...message(1, 1, 1, 0), media: [awaited] }
  await store.commit({ why: 'message', sessions: [session(1, 1, 1, 0)], messages: [first] })
  expect(store.downloads()).toMatchObject([{ _id: first._id, attempts: 0 }])
  await store.commit({ why: 'file', downloads: [{ _id: first._id, attempts: 3, updatedAt: '' }] })
  await store.commit({ why: 'status', messages: [{ ...first, status: 'read' }] })
  expect(store.downloads()).toMatchObject([{ attempts: 3 }])
  await store.close()
  const again = await openStore(FOLDER, { disk })
  expect(again.downloads()).toMatchObject([{ _id: first._id, attempts: 3 }])
  await again.commit({ why: 'file', messages: [{ ...first, media: [{ ...awaited, problem: 'gone' }] }] })
  expect(again.downloads()).toEqual([])
  await again.close()
  expect((await openStore(FOLDER, { disk })).downloads()).toEqual([])
})

describe('backup and verify', () => {
  test('a backup somebody asked for has the files, and they come to those that are there', async () => {
    const disk = new MemoryDisk()
    const store = await withFile(disk, 'one')
    await store.backup(FILE)
    await store.blobs.put(bytes('two'), 100)
    await store.close()
    await disk.remove(pathOf('one'))
    await restore(FILE, FOLDER, { disk, clock: new TestClock(), identify })
    const again = await openStore(FOLDER, { disk })
    expect(await again.blobs.list()).toHaveLength(2)
    expect(aboutFiles(await again.verify())).toEqual([])
    await again.close()
  })

  test('a file that is damaged or gone is found, and asked of Twilio again', async () => {
    const disk = new MemoryDisk()
    const store = await withFile(disk, 'one')
    const file = await disk.open(pathOf('one'), 'write')
    await file.write(Buffer.from('ONE'), 0)
    await file.close()
    const kinds = ['it is not what its name says', 'a file of it is gone']
    expect(aboutFiles(await store.verify())).toEqual(kinds.map((what) => [what, false]))
    expect(aboutFiles(await store.verify({ repair: true }))).toEqual(kinds.map((what) => [what, true]))
    expect(store.downloads()).toHaveLength(1)
    expect(aboutFiles(await store.verify())).toEqual([])
    await store.close()
  })
})
