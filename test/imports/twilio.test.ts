import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SwitchboardError } from '../../src/shared/errors.ts'
import { FakeIntake, fileOf, importInto } from './fake-intake.ts'
import { layouts, resource } from './samples.ts'
import { runImport } from '../../src/server/imports/index.ts'

describe('an import of Twilio’s messages', () => {
  it('takes what a customer wrote and what was sent, with their own times', async () => {
    const into = new FakeIntake()
    const lines = [
      resource(1),
      resource(2, {
        direction: 'outbound-api',
        from: '+15703251809',
        to: '+1234567890',
        status: 'undelivered',
        error_code: 30003,
        body: 'Hi',
      }),
      resource(3, {
        from: 'whatsapp:+6591234567',
        to: 'whatsapp:+14155238886',
        date_sent: null,
        num_media: '1',
        body: '',
      }),
    ]
    const result = await importInto(into, lines.map((l) => JSON.stringify(l)).join('\n'))
    expect(result).toEqual({
      format: 'twilio',
      dry_run: false,
      read: 3,
      taken: 3,
      known: 0,
      other: 0,
      refused: 0,
      errors: [],
    })
    expect(into.foreign.size).toBe(0)
    const params = {
      account_sid: 'AC00000000000000000000000000000001',
      num_media: '0',
      num_segments: '1',
      price_unit: 'USD',
      direction: 'inbound',
      date_created: 'Wed, 15 Jan 2025 10:00:00 +0000',
    }
    expect([...into.taken.values()]).toEqual([
      [
        'message',
        '2025-01-15T10:00:01.000Z',
        {
          sid: lines[0]?.['sid'],
          medium: 'sms',
          channel: '+15703251809',
          contact: '+1234567890',
          body: lines[0]?.['body'],
          media: [],
          params,
        },
      ],
      [
        'sent',
        '2025-01-15T10:00:01.000Z',
        {
          sid: lines[1]?.['sid'],
          medium: 'sms',
          channel: '+15703251809',
          contact: '+1234567890',
          body: 'Hi',
          media: [],
          sender: 'operator',
          status: 'undelivered',
          error_code: 30003,
          params: { ...params, direction: 'outbound-api' },
        },
      ],
      [
        'message',
        '2025-01-15T10:00:00.000Z',
        {
          sid: lines[2]?.['sid'],
          medium: 'whatsapp',
          channel: '+14155238886',
          contact: '+6591234567',
          body: '',
          media: [],
          params: { ...params, num_media: '1' },
        },
      ],
    ])
  })

  it('reads every layout alike, however the bytes are cut', async () => {
    const resources = [1, 2, 3, 4, 5].map((n) =>
      resource(n, { body: `Grüße 👋 ${n} ]}"\n{[ \\" "messages":[` }),
    )
    const expected = new FakeIntake()
    await importInto(expected, layouts(resources)['one a line'] ?? '')
    for (const [name, text] of Object.entries(layouts(resources))) {
      for (const chunk of [1, 2, 7, 64, 1_000_000]) {
        const into = new FakeIntake()
        const result = await importInto(into, text, { chunk })
        expect(result, name).toMatchObject({ format: 'twilio', read: 5, taken: 5, refused: 0 })
        expect(into.taken, name).toEqual(expected.taken)
      }
    }
  })

  it('gives the same whatever the order, the split and the repetition', async () => {
    const all = Array.from({ length: 12 }, (_, n) =>
      resource(n, { date_sent: new Date(1_736_935_200_000 + n * 1_000).toUTCString() }),
    )
    const whole = new FakeIntake()
    await importInto(whole, all.map((r) => JSON.stringify(r)).join('\n'))
    const sorted = (into: FakeIntake) => [...into.taken].sort(([a], [b]) => (a < b ? -1 : 1))
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(all, { minLength: 12 }),
        fc.array(fc.nat(12), { maxLength: 3 }),
        fc.array(fc.constantFrom(...Object.keys(layouts([]))), { minLength: 4, maxLength: 4 }),
        async (order, cuts, names) => {
          const into = new FakeIntake()
          const ends = [0, ...[...cuts].sort((a, b) => a - b), 12]
          for (const [i, end] of ends.slice(1).entries()) {
            // Overlapping by one: what is in two files is taken once.
            const part = order.slice(Math.max(0, (ends[i] ?? 0) - 1), end)
            if (part.length > 0) await importInto(into, layouts(part)[names[i % 4] ?? ''] ?? '')
          }
          expect(sorted(into)).toEqual(sorted(whole))
        },
      ),
      { numRuns: 60 },
    )
  })

  it('tells which lines it could not take, and why, and takes the others', async () => {
    const into = new FakeIntake()
    const lines = [
      JSON.stringify(resource(1)),
      '{"sid": "SM2", "from": "+1',
      '',
      JSON.stringify(resource(3, { date_sent: 'yesterday' })),
      JSON.stringify(resource(4, { to: null })),
      JSON.stringify(resource(5, { from: 'messenger:1234' })),
      '[1,2]',
      'garbage',
      JSON.stringify(resource(9, { date_sent: null, date_created: null, date_updated: null })),
      JSON.stringify(resource(10)),
      JSON.stringify(resource(1)),
    ]
    const result = await importInto(into, lines.join('\n'))
    expect(result).toMatchObject({ read: 10, taken: 2, known: 1, refused: 7 })
    expect(result.errors).toEqual([
      { line: 2, reason: 'this is not JSON' },
      { line: 4, reason: '"yesterday" is not a time' },
      { line: 5, reason: 'to is missing' },
      { line: 6, reason: 'from "messenger:1234" is neither a phone nor a WhatsApp number' },
      { line: 7, reason: 'this is no message resource' },
      { line: 8, reason: 'this is not JSON' },
      { line: 9, reason: 'date_sent and date_created are missing' },
    ])
  })

  it('takes the good ones of a page that is broken or cut off', async () => {
    const text = JSON.stringify({ messages: [resource(1), resource(2), resource(3)] }, null, 2)
    const torn = text.replace('"date_sent": "Wed', '"date_sent": "Wed\n "')
    const into = new FakeIntake()
    expect(await importInto(into, torn)).toMatchObject({
      taken: 2,
      refused: 1,
      errors: [{ line: 3, reason: 'this is not JSON' }],
    })
    const cut = new FakeIntake()
    expect(await importInto(cut, text.slice(0, -300))).toMatchObject({
      taken: 2,
      refused: 1,
      errors: [{ reason: 'the file ends in the middle of its JSON' }],
    })
  })

  it('changes nothing in a dry run and says what it would do', async () => {
    const into = new FakeIntake()
    await importInto(into, JSON.stringify(resource(1)))
    const lines = [resource(1), resource(2), resource(2), resource(3)]
      .map((r) => JSON.stringify(r))
      .join('\n')
    expect(await importInto(into, lines, { dryRun: true })).toMatchObject({
      dry_run: true,
      taken: 2,
      known: 2,
    })
    expect(into.taken.size).toBe(1)
  })

  it('lists the first hundred refusals and counts all', async () => {
    const result = await importInto(new FakeIntake(), 'x\n'.repeat(5_000), { format: 'twilio' })
    expect(result.refused).toBe(5_000)
    expect(result.errors).toHaveLength(100)
  })

  it('stops when the disk is full, and passes on what one message is refused for', async () => {
    const lines = Array.from({ length: 3_000 }, (_, n) => JSON.stringify(resource(n))).join('\n')
    const full = new FakeIntake()
    full.failOn = (sid) => (sid.endsWith('64') ? new SwitchboardError('disk_full') : undefined)
    await expect(importInto(full, lines)).rejects.toMatchObject({ code: 'disk_full' })
    expect(full.taken.size).toBeLessThan(1_000)
    const picky = new FakeIntake()
    picky.failOn = (sid) =>
      sid.endsWith('064') ? new SwitchboardError('params_missing', { names: 'From' }) : undefined
    expect(await importInto(picky, lines)).toMatchObject({
      taken: 2_999,
      refused: 1,
      errors: [{ line: 101, reason: 'The request lacks From.' }],
    })
  })

  it('holds few in flight, tells how far it is, and ends when told to', async () => {
    const into = new FakeIntake()
    const count = 20_000
    const told: number[] = []
    const lines = Array.from({ length: count }, (_, n) => JSON.stringify(resource(n))).join('\n')
    const options = {
      file: fileOf(lines),
      intake: into.intake,
      has: () => Promise.resolve(false),
      channelNumber: () => undefined,
    }
    const result = await runImport({
      ...options,
      progress: ({ bytes, total_bytes }) => told.push(bytes / total_bytes),
    })
    expect(result.taken).toBe(count)
    expect(into.most).toBeLessThanOrEqual(256)
    expect(told.length).toBeGreaterThan(10)
    expect(told).toEqual([...told].sort((a, b) => a - b))
    expect(told.at(-1)).toBe(1)
    const stop = new AbortController()
    const stopped = runImport({
      ...options,
      signal: stop.signal,
      progress: ({ read }) => read > 1_000 && stop.abort(),
    })
    await expect(stopped).rejects.toMatchObject({ code: 'not_possible' })
  })

  it('refuses a file it does not know, and an empty one', async () => {
    await expect(importInto(new FakeIntake(), 'Dear diary\n')).rejects.toMatchObject({
      code: 'file_unreadable',
    })
    await expect(importInto(new FakeIntake(), '')).rejects.toThrow('it is empty')
  })
})
