import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HashTable } from '../../src/server/store/hash-table.ts'
import { OrderedChunks } from '../../src/server/store/ordered-chunks.ts'
import { packText, unpackText } from '../../src/server/store/packed-text.ts'

test('a hash table holds every pair, equal hashes too, whatever is added and removed', () => {
  const hash = fc.record({ high: fc.constantFrom(0, 1, 0xffffffff), low: fc.nat(40) })
  fc.assert(
    fc.property(
      fc.array(fc.tuple(hash, fc.integer({ min: 1, max: 5 }), fc.boolean()), { maxLength: 200 }),
      (steps) => {
        let table = new HashTable()
        const model = new Set<string>()
        for (const [h, value, add] of steps) {
          const name = `${h.high} ${h.low} ${value}`
          if (add) expect(table.add(h, value)).toBe(!model.has(name))
          else table.remove(h, value)
          if (add) model.add(name)
          else model.delete(name)
        }
        table = new HashTable([...table.parts()].map((part) => part.slice()))
        expect(table.size).toBe(model.size)
        for (const [h] of steps) {
          const values = [1, 2, 3, 4, 5].filter((v) => model.has(`${h.high} ${h.low} ${v}`))
          expect(table.all(h).sort()).toEqual(values)
          expect(table.has(h)).toBe(values.length > 0)
        }
      },
    ),
  )
})

test('ordered chunks are what sorting gives', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(30), fc.nat(3_000)), { maxLength: 3_000, size: 'max' }),
      fc.nat(50),
      (pairs, skip) => {
        const chunks = new OrderedChunks()
        const model = new Map<number, number>()
        for (const [rank, number] of pairs) {
          const old = model.get(number)
          if (old !== undefined) chunks.remove(old, number)
          model.delete(number)
          if (rank % 7 === 0) continue
          chunks.add(rank, number)
          model.set(number, rank)
        }
        const sorted = [...model].sort(([a, x], [b, y]) => x - y || a - b).map(([number]) => number)
        expect([...chunks.rising()]).toEqual(sorted)
        expect([...chunks.falling(skip)]).toEqual(sorted.toReversed().slice(skip))
        expect(chunks.size).toBe(sorted.length)
      },
    ),
    { numRuns: 30 },
  )
})

test('packed text is the text again', () => {
  const sids = [
    'SM0123456789abcdef0123456789abcdef',
    'CA0123456789ABCDEF0123456789abcdef',
    '0123456789abcdef01234567',
    '',
    'grüße 👋',
  ]
  fc.assert(
    fc.property(fc.oneof(fc.constantFrom(...sids), fc.string({ unit: 'grapheme' })), (text) => {
      const bytes = packText(text)
      if (text !== '') expect(unpackText(bytes, 0, bytes.length)).toBe(text)
    }),
  )
})
