import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DEFAULT_GAP_MS } from '../../src/server/sessions/index.ts'
import { Desk } from '../sessions/model.ts'
import { runs } from './runs.ts'

/** A second opinion from another language: the oracle of shared/reference/sessions.md, verbatim. */
const ORACLE = `
WITH m AS (SELECT k, id, ts, CASE WHEN ts - LAG(ts) OVER w > :gap THEN 1 ELSE 0 END brk
           FROM msg WINDOW w AS (PARTITION BY k ORDER BY ts, id)),
     s AS (SELECT k, id, ts, SUM(brk) OVER (PARTITION BY k ORDER BY ts, id ROWS UNBOUNDED PRECEDING) isl FROM m)
SELECT k, MIN(ts), MAX(ts), COUNT(*) FROM s GROUP BY k, isl ORDER BY k, 2;
`

const db = new DatabaseSync(':memory:')
db.exec('CREATE TABLE msg (k TEXT, id TEXT, ts INTEGER)')
const insert = db.prepare('INSERT INTO msg VALUES (?, ?, ?)')
const oracle = db.prepare(ORACLE)

interface Text {
  contact: string
  at: number
  sid: string
}

/** Times a half gap apart, give or take a millisecond: silences at, below and above the gap, and equal times. */
const time = fc
  .tuple(fc.integer({ min: 0, max: 24 }), fc.constantFrom(-1, 0, 0, 0, 1))
  .map(([halves, off]) => 1_736_935_200_000 + (halves * DEFAULT_GAP_MS) / 2 + off)

const texts = fc
  .uniqueArray(
    fc.record({ contact: fc.constantFrom('+1', '+2', '+3'), at: time, sid: fc.nat({ max: 999 }) }),
    {
      selector: (t) => t.sid,
      maxLength: 40,
    },
  )
  .map((all) => all.map((t): Text => ({ ...t, sid: `SM${t.sid}` })))

/** Every text at least once, in any order, some again and again. */
const deliveries = texts.chain((all) =>
  fc
    .tuple(fc.shuffledSubarray(all), fc.shuffledSubarray(all, { minLength: all.length }))
    .map(([some, every]) => [...some, ...every]),
)

test('in any order and with duplicates the sessions are the SQL oracle’s', { timeout: 600_000 }, () => {
  fc.assert(
    fc.property(deliveries, (delivered) => {
      const desk = new Desk()
      for (const { contact, at, sid } of delivered) desk.key(contact).arrive(at, sid)

      db.exec('BEGIN; DELETE FROM msg')
      for (const { contact, at, sid } of new Map(delivered.map((d) => [d.sid, d])).values())
        insert.run(contact, sid, at)
      const expected = oracle.all({ gap: DEFAULT_GAP_MS }).map((row) => Object.values(row))
      db.exec('COMMIT')

      const found = desk.conversations
        .toSorted((a, b) => (a.name.contact < b.name.contact ? -1 : 1))
        .flatMap((c) => c.sessions.map((s) => [c.name.contact, s.first.at, s.last.at, s.items.length]))
      expect(found).toEqual(expected)
    }),
    runs(2_000),
  )
})
