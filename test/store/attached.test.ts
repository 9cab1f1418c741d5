import { createHash } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { manualClock } from '../../src/server/carrier/simulator/index.ts'
import { AttachedFiles } from '../../src/server/store/attached.ts'
import { Blobs } from '../../src/server/store/blobs.ts'
import { MemoryDisk } from './memory-disk.ts'

const DAY = 24 * 3_600_000
const bytes = (text: string) => [Buffer.from(text)]
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')
const pathOf = (folder: string, text: string) => `${folder}/${hashOf(text).slice(0, 2)}/${hashOf(text)}`

let disk: MemoryDisk
let clock: ReturnType<typeof manualClock>
let sent: Blobs
let attached: AttachedFiles
const read = async (text: string) => {
  const blob = await attached.open(hashOf(text))
  return blob && (await blob.read(0, blob.size - 1)).toString()
}
beforeEach(() => {
  disk = new MemoryDisk()
  clock = manualClock(Date.parse('2025-01-15T10:00:00Z'))
  sent = new Blobs(disk, '/data/media')
  attached = new AttachedFiles({ disk, folder: '/data/attached', sent, clock })
})

describe('attached files', () => {
  test('lie apart from those of messages until one speaks of them', async () => {
    await attached.put(bytes('rim'), 10)
    expect(disk.files()).toEqual([pathOf('/data/attached/2025-01-15', 'rim')])
    expect(await sent.list()).toEqual([])
    expect(await read('rim')).toBe('rim')
    expect(await attached.take(hashOf('rim'))).toBe(true)
    expect(disk.files()).toEqual([pathOf('/data/media', 'rim')])
    expect(await read('rim')).toBe('rim')
    expect(await attached.take(hashOf('never'))).toBe(false)
    for (const name of ['', '..', '../store.json', 'A'.repeat(64)])
      expect([await attached.open(name), await attached.take(name)]).toEqual([undefined, false])
  })

  test('wanted by two messages at once are moved once, and both have them', async () => {
    await attached.put(bytes('rim'), 10)
    const taken = await Promise.all([attached.take(hashOf('rim')), attached.take(hashOf('rim'))])
    expect(taken).toEqual([true, true])
    // The same again, to somebody else.
    await attached.put(bytes('rim'), 10)
    expect(await attached.take(hashOf('rim'))).toBe(true)
    expect(await sent.list()).toHaveLength(1)
  })

  test('that were never sent go a week after their day; those a draft holds, and those sent, stay', async () => {
    for (const text of ['taken out', 'in a draft', 'sent']) await attached.put(bytes(text), 10)
    await attached.take(hashOf('sent'))
    await clock.advance(7 * DAY)
    expect(await attached.sweep()).toBe(0)
    await attached.renew(hashOf('in a draft'))
    await attached.renew(hashOf('of another console'))
    await clock.advance(DAY)
    expect(await attached.sweep()).toBe(1)
    expect(await Promise.all(['taken out', 'in a draft', 'sent'].map(read))).toEqual([
      undefined,
      'in a draft',
      'sent',
    ])
    await clock.advance(8 * DAY)
    expect(await attached.sweep()).toBe(1)
    expect(disk.files()).toEqual([pathOf('/data/media', 'sent')])
  })

  test('half written when the power went go with their day, and what is no day of ours stays', async () => {
    await disk.makeFolder('/data/attached/2025-01-15')
    await (await disk.open('/data/attached/2025-01-15/.1-1.tmp', 'new')).close()
    await (await disk.open('/data/attached/mine.txt', 'new')).close()
    await clock.advance(9 * DAY)
    await attached.sweep()
    expect(disk.files()).toEqual(['/data/attached/mine.txt'])
  })
})
