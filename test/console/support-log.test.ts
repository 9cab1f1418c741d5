import fc from 'fast-check'
import { expect, test } from 'vitest'
import { supportLog, type SupportFacts } from '../../src/server/console/support-log.ts'

const FACTS: SupportFacts = {
  at: '2026-11-20T10:42:00.000Z',
  version: '0.1.0',
  world: 'real',
  counts: { all: 3 },
  settings: {},
  parts: [],
  log: '',
  secrets: [],
  names: [],
}
const letters = (alphabet: string, min: number, max: number) =>
  fc.string({ unit: fc.constantFrom(...Array.from(alphabet)), minLength: min, maxLength: max })
const number = letters('123456789', 10, 14).map((digits) => `+${digits}`)
const token = letters('0123456789abcdef', 32, 32).filter((one) => /[a-f]/.test(one) && /\d/.test(one))
/** Letters that no other part of the text has. */
const written = letters('ÄÖÜßç :+()', 1, 40).map((text) => `Ж${text}Ж`)

test('no number, nothing that was written, no name and no token is left, whatever is shown in the log', () => {
  fc.assert(
    fc.property(
      number,
      number,
      written,
      token,
      token,
      letters('QXZ', 3, 9),
      (from, to, body, known, unknown, name) => {
        const text = supportLog({
          ...FACTS,
          secrets: [known],
          names: [name],
          settings: { 'replies.greeting': body, [`channels.${to}.sessions.gap`]: '5m' },
          parts: [
            {
              id: 'numbers',
              state: 'trouble',
              title: 'Numbers',
              sentence: `${name} ${from} is off.`,
              action: null,
            },
          ],
          log: [
            `2026-11-20T10:41:00.000Z [info] SMS received from ${from} to ${to}: ${body}`,
            `2026-11-20T10:41:00.001Z [info] Created new SMS session: 65a1b2c3d4e5f60718293a4b for ${from}`,
            `2026-11-20T10:41:01.000Z [warn] ${name} at https://u:${unknown}@example.com/x?token=${known}&a=1 was refused`,
            `2026-11-20T10:41:02.000Z [warn] cookie: sid=${unknown}; Authorization: Basic ${known}`,
            `2026-11-20T10:41:03.000Z [error] Twilio refused AC${unknown}, ${from.slice(0, 4)} ${from.slice(4)}`,
          ].join('\n'),
        })
        const digits = text.replace(/\D/g, ' ')
        for (const whole of [from, to]) expect(digits).not.toContain(whole.slice(1))
        expect(text).not.toContain('Ж')
        expect(text).not.toContain(known)
        expect(text).not.toContain(unknown)
        expect(text).not.toContain(name)
      },
    ),
  )
})

test('what helps is left: times, sessions, ends of numbers and lengths', () => {
  const text = supportLog({
    ...FACTS,
    settings: { 'privacy.log_bodies': true, 'sessions.gap': '5m' },
    log: [
      '2026-11-20T10:41:00.000Z [info] SMS received from +16075550142 to +15705550100: Is it ready?',
      '2026-11-20T10:41:00.001Z [info] Reusing existing session 65a1b2c3d4e5f60718293a4b (last message 42s ago)',
    ].join('\n'),
  })
  expect(text).toContain(
    '2026-11-20T10:41:00.000Z [info] SMS received from +1••••142 to +1••••100: (12 characters)',
  )
  expect(text).toContain('Reusing existing session 65a1b2c3d4e5f60718293a4b (last message 42s ago)')
  expect(text).toContain('privacy.log_bodies: true')
  expect(text).toContain('sessions.gap: 5m')
})

test('who writes or calls by another address than a number is not told either', () => {
  const text = supportLog({
    ...FACTS,
    names: ['Ann Smith Bakery'],
    parts: [
      {
        id: 'account',
        state: 'well',
        title: 'Account',
        sentence: 'Ann Smith Bakery, AC…41f7. The messaging service “Ann’s” drops the texts.',
        action: null,
      },
    ],
    log: [
      '2026-11-20T10:41:00.000Z [info] Call received from sip:ann.smith@example.com to +15705550100: hello',
      '2026-11-20T10:41:01.000Z [info] SMS received from messenger:ann.smith.page to client:ann_smith: hello',
      '2026-11-20T10:41:02.000Z [warn] ann.smith+shop@example.co.uk, sips:ann.smith@10.0.0.1:5061 was refused',
      '2026-11-20T10:41:03.000Z [info] The way in is open: https://sms.example.com/in',
    ].join('\n'),
  })
  expect(text).not.toMatch(/ann|example\.co\b(?!m)/i)
  expect(text).toContain('received from messenger:••• to client:•••: (5 characters)')
  expect(text).toContain('https://sms.example.com/in')
})
