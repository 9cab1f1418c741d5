import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { history } from '../../scripts/history.ts'
import type { ImportResult } from '../../src/server/imports/index.ts'
import { type Running, running } from '../support/running.ts'

const opened: Running[] = []
afterEach(async () => {
  for (const r of opened.splice(0)) await r.close()
})

async function open(): Promise<Running> {
  const r = await running('2025-06-01T00:00:00.000Z')
  opened.push(r)
  return r
}

async function importText(
  r: Running,
  text: string,
  args: Record<string, unknown> = {},
): Promise<ImportResult> {
  const file = join(r.folder, 'history.jsonl')
  await writeFile(file, text)
  return (await r.switchboard.commands.import({ file, ...args }, () => {})) as ImportResult
}

/** What the sessions are, without ids and the times of writing. */
function shapes(r: Running): string[] {
  const { store } = r.switchboard
  const numbers = new Map(store.channels().map((c) => [c._id, c.number]))
  return store
    .sessions({ limit: 1_000_000 })
    .sessions.map((s) =>
      [
        numbers.get(s.channel_id),
        s.title,
        s.metadata.firstMessageAt,
        s.last_message_at,
        s.message_count,
        s.unread_count,
        s.metadata.firstSid,
        s.metadata.lastSid,
        JSON.stringify(s.metadata.reason),
      ].join(' '),
    )
    .sort()
}

it('20,000 messages make the sessions they were made from, and a second import changes nothing', async () => {
  const r = await open()
  const text = [...history({ messages: 20_000, sessions: 4_000, seed: 7 })].join('')
  expect(await importText(r, text, { dry_run: true })).toMatchObject({ taken: 20_000, known: 0 })
  expect(r.sessions()).toEqual([])
  expect(await importText(r, text)).toMatchObject({
    format: 'twilio',
    read: 20_000,
    taken: 20_000,
    refused: 0,
  })
  const sessions = shapes(r)
  expect(sessions).toHaveLength(4_000)
  const seq = r.switchboard.store.seq
  const again = text.split('\n').slice(-3_000).join('\n')
  expect(await importText(r, again)).toMatchObject({ taken: 0, known: 2_999 })
  expect(r.switchboard.store.seq).toBe(seq)
}, 120_000)

it('gives the same sessions in whatever order and split the messages come', async () => {
  const lines = [...history({ messages: 600, sessions: 90, seed: 11 })]
  const inOrder = await open()
  await importText(inOrder, lines.join(''))
  for (const step of [7, 251, 599]) {
    const other = await open()
    // Coprime steps: every line once, far from its neighbours; in three files that overlap.
    const mixed = lines.map((_, n) => lines[(n * step) % lines.length] ?? '')
    await importText(other, mixed.slice(0, 250).join(''))
    await importText(other, mixed.slice(200, 450).join(''))
    await importText(other, mixed.slice(400).join(''))
    expect(shapes(other)).toEqual(shapes(inOrder))
  }
})

it('takes its own `messages` and `sessions` lines back, into the same sessions', async () => {
  const r = await open()
  await r.sms('+1234567890', 'Hello')
  const call = { CallSid: 'CA1', From: '+1987654321', To: '+15703251809', CallStatus: 'ringing' }
  await r.post('/webhooks/voice', call)
  await importText(r, [...history({ messages: 200, sessions: 30, seed: 3 })].join(''))
  const { store } = r.switchboard
  const { sessions } = store.sessions({ limit: 1_000 })
  const numbers = new Map(store.channels().map((c) => [c._id, c.number]))
  const messages = await store.messages(sessions.map((s) => s._id))
  const lines = [...messages, ...sessions.map((s) => ({ ...s, channel_number: numbers.get(s.channel_id) }))]
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')

  const copy = await open()
  expect(await importText(copy, text)).toMatchObject({
    format: 'switchboard',
    taken: 202,
    refused: 0,
    other: sessions.length,
  })
  const read = (of: Running): string[] => shapes(of).map((shape) => shape.replace(/ \d+ (?=SM|MM|CA)/, ' '))
  expect(read(copy)).toEqual(read(r))
  expect(await importText(r, text)).toMatchObject({ taken: 0, known: 202 })
})
