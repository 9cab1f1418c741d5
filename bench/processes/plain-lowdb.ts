// lowdb as its README has it: one JSON file, written whole with every change.
import { JSONFilePreset } from 'lowdb/node'
import { iso } from '../../src/server/intake/session-document.ts'
import { textOf } from '../harness/twilio.ts'
import { answer } from '../harness/worker.ts'

const messageOf = (number: number): Record<string, unknown> => {
  const { From, Body, MessageSid, To } = textOf(number)
  return {
    _id: number.toString(16).padStart(24, '0'),
    session_id: (number >> 2).toString(16).padStart(24, '0'),
    content: Body,
    sender: 'contact',
    createdAt: iso(Date.UTC(2025, 0, 1) + number * 1_000),
    sid: MessageSid,
    channel: To,
    contact: From,
    status: 'received',
    media: [],
  }
}

const answers = {
  /** ms each of `count` messages takes, put one after another into a file that holds `stored`. */
  async take({ file, stored, count }: { file: string; stored: number; count: number }): Promise<number> {
    const messages = Array.from({ length: stored }, (_, i) => messageOf(i))
    const db = await JSONFilePreset(file, { messages })
    await db.write()
    const start = performance.now()
    for (let i = 0; i < count; i++) await db.update((data) => data.messages.push(messageOf(stored + i)))
    return (performance.now() - start) / count
  },
}
export type PlainLowdb = typeof answers
answer(answers)
