import fc from 'fast-check'
import { expect, test } from 'vitest'
import { paramsOf, parseBytes, parseForm } from '../../src/server/webhooks/form.ts'

/** The URL standard's own reading, as an oracle. */
function oracle(body: Buffer): [string, string][] {
  // URLSearchParams reads text, so the bytes are escaped for it one by one, leaving the form's own signs.
  const escaped = [...body]
    .map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : `%${byte.toString(16).padStart(2, '0')}`))
    .join('')
  // A leading "?" is dropped by the constructor only.
  return [...new URLSearchParams(escaped.startsWith('?') ? `?${escaped}` : escaped)]
}

function grouped(pairs: readonly [string, string][]): Map<string, string[]> {
  const form = new Map<string, string[]>()
  for (const [name, value] of pairs) form.set(name, [...(form.get(name) ?? []), value])
  return form
}

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 60 }).map((array) => Buffer.from(array)),
  fc
    .array(
      fc.constantFrom(
        'a',
        'b',
        '=',
        '&',
        '+',
        '%',
        '%2',
        '%20',
        '%C3%A9',
        '%ff',
        '%zz',
        '%00',
        'é',
        '\ufeff',
        '?',
        ';',
      ),
    )
    .map((parts) => Buffer.from(parts.join(''))),
)

test('reads any bytes as the URL standard does: nothing dropped, nothing trimmed, order kept', () => {
  fc.assert(
    fc.property(bytes, (body) => {
      const form = [...parseForm(body)].map(([name, value]) => [name, [value].flat()])
      expect(form).toEqual([...grouped(oracle(body))])
    }),
    { numRuns: 2_000 },
  )
})

test.each([
  ['a=1&b=&c', { a: '1', b: '', c: '' }],
  ['a=1&a=2&a=1', { a: ['1', '2', '1'] }],
  ['a+b=c+d&%2B=%20', { 'a b': 'c d', '+': ' ' }],
  ['a=100%&b=%zz&c=%E9', { a: '100%', b: '%zz', c: '\ufffd' }],
  ['a=b=c&&=d', { a: 'b=c', '': 'd' }],
  ['a=\u0000%00', { a: '\u0000\u0000' }],
])('%j', (body, expected) => {
  expect(Object.fromEntries(parseForm(Buffer.from(body)))).toEqual(expected)
})

test('keeps the bytes apart where text would merge them', () => {
  expect(parseBytes(Buffer.from('a=%ff%fe&b=é')).get('a')).toBe('\xff\xfe')
  expect(parseForm(Buffer.from('a=%ff%fe')).get('a')).toBe('\ufffd\ufffd')
})

test('names that mean something to JavaScript are names like any other', () => {
  const params = paramsOf(
    parseForm(Buffer.from('__proto__=x&__proto__=y&constructor=z&toString=t')),
    () => false,
  )
  expect(Object.entries(params)).toEqual([
    ['__proto__', ['x', 'y']],
    ['constructor', 'z'],
    ['toString', 't'],
  ])
  expect(params['hasOwnProperty']).toBeUndefined()
  expect(JSON.parse(JSON.stringify(params))).toHaveProperty('constructor', 'z')
  expect(({} as Record<string, unknown>)['x']).toBeUndefined()
  expect(paramsOf(new Map(), () => false)['constructor']).toBeUndefined()
})

test('a field with a place of its own is kept once more only when its values differ', () => {
  const form = parseForm(Buffer.from('From=1&From=1&Body=a&Body=b&X=1&X=1'))
  expect({ ...paramsOf(form, (name) => name !== 'X') }).toEqual({ Body: ['a', 'b'], X: ['1', '1'] })
})
