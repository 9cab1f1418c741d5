import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { requestSchemas } from '../../src/shared/contract.ts'
import type { AccountView, NumberView, PartId, StatusPart, TunnelView } from '../../src/shared/live.ts'
import { bytes, outboxFacts, type StatusFacts, statusParts } from '../../src/server/console/status/index.ts'
import { GO } from '../../src/renderer/src/pages/settings/statusWords.ts'

const AT = '2026-11-20T10:41:26.500Z'
const MS = Date.parse(AT)
const TUNNEL: TunnelView = {
  provider: 'localtunnel',
  state: 'up',
  url: 'https://kettle-street.loca.lt',
  since: AT,
  lost_at: null,
  tries: 0,
  next_try_at: null,
  reason: '',
  history: [],
}
const ACCOUNT: AccountView = {
  state: 'good',
  sid: `AC${'0'.repeat(28)}41f7`,
  name: 'Kettle Street Cycles',
  trial: false,
  checked_at: AT,
  kept: 'key_store',
  sentence: 'Twilio knows this account.',
}
const NUMBER: NumberView = {
  sid: 'PN1',
  kind: 'phone',
  number: '+15705550100',
  name: 'Front desk',
  can: { sms: true, mms: true, voice: true, whatsapp: false },
  chosen: true,
  voice: 'leave',
  state: 'here',
  before: null,
  problem: '',
}
const ROOM = { used: 96_400_000, free: 412_000_000_000, backup: { at: MS }, backupProblem: '' }
/** A console that is live, and well. */
const WELL: StatusFacts = {
  isSimulation: false,
  tunnel: TUNNEL,
  isListening: true,
  account: ACCOUNT,
  hasAccount: true,
  numbers: [NUMBER],
  leaving: null,
  numbersReadAt: AT,
  lastWebhookAt: MS,
  refusedWebhooks: null,
  outbox: { waiting: 0, triedAt: null, unsure: 0 },
  isHeld: false,
  catchUp: {
    state: 'idle',
    read_to: AT,
    looked_at: 0,
    found: 0,
    sentence: 'Nothing was missed.',
    away: null,
  },
  ahead: 400,
  disk: { state: { state: 'ok' }, room: ROOM },
}
/** A fresh folder: nothing is set. */
const NOTHING: StatusFacts = {
  ...WELL,
  tunnel: { ...TUNNEL, provider: 'none', state: 'off', url: null },
  isListening: false,
  account: {
    ...ACCOUNT,
    state: 'none',
    sid: null,
    checked_at: null,
    kept: 'none',
    sentence: 'No account yet.',
  },
  hasAccount: false,
  numbers: [],
  numbersReadAt: null,
  lastWebhookAt: null,
  catchUp: { ...WELL.catchUp, state: 'off', read_to: null },
  disk: { state: { state: 'ok' }, room: undefined },
}

/** "state: sentence [button → request]" of one line. */
function line(id: PartId, more: Partial<StatusFacts>, from = WELL): string {
  const part = statusParts({ ...from, ...more }).find((one) => one.id === id)
  if (!part) return 'no such line'
  const { state, sentence, action } = part
  return `${state}: ${sentence}${action ? ` [${action.label} → ${action.request}]` : ''}`
}

describe('the way in', () => {
  const tunnel = (more: Partial<TunnelView>, facts: Partial<StatusFacts> = {}) =>
    line('tunnel', { tunnel: { ...TUNNEL, ...more }, ...facts })
  test('up: where it leads and since when', () =>
    expect(tunnel({})).toBe(
      'well: kettle-street.loca.lt leads here, since 2026-11-20T10:41Z. [Change → go_live]',
    ))
  test('lost: since when over all tries, why, and when it is tried again', () =>
    expect(
      tunnel({
        state: 'down',
        since: '2026-11-20T10:45:00.000Z',
        lost_at: AT,
        tries: 2,
        next_try_at: '2026-11-20T10:45:04.000Z',
        reason: 'it stopped answering',
      }),
    ).toBe(
      'trouble: kettle-street.loca.lt does not lead here since 2026-11-20T10:41:26Z: it stopped answering. Try 2 failed, the next is at 2026-11-20T10:45:04Z. [Try now → tunnel.retry]',
    ))
  test('never open: no address to speak of', () =>
    expect(tunnel({ state: 'down', url: null, tries: 1, reason: 'no answer', lost_at: AT })).toBe(
      'trouble: The way in does not lead here since 2026-11-20T10:41:26Z: no answer. Try 1 failed. [Try now → tunnel.retry]',
    ))
  test('while it is tried again the button stays', () => {
    expect(tunnel({ state: 'opening', tries: 1, lost_at: AT })).toBe(
      'trouble: kettle-street.loca.lt is being opened again, try 2. Nothing is lost: what arrives now is read afterwards. [Try now → tunnel.retry]',
    )
    expect(tunnel({ state: 'checking', url: null, tries: 1, lost_at: AT })).toMatch(
      /^trouble: The way in is .*tunnel\.retry\]$/,
    )
  })
  test('opened for the first time', () => {
    expect(tunnel({ state: 'opening', url: null })).toBe('busy: An address is being opened.')
    expect(tunnel({ state: 'checking' })).toBe(
      'busy: kettle-street.loca.lt is open, and is being asked whether it leads here.',
    )
  })
  test('closed', () => {
    expect(tunnel({ state: 'off' })).toBe(
      'off: No way in is open from here. What is forwarded to the webhook port is taken. [Open one → go_live]',
    )
    expect(tunnel({ state: 'off' }, { isListening: false })).toBe(
      'off: No way in is open from outside. [Open one → go_live]',
    )
    expect(tunnel({ state: 'off' }, { isSimulation: true })).toBe(
      'off: A simulation needs none: its phones are on this computer.',
    )
  })
})

describe('the account', () => {
  const account = (more: Partial<AccountView>) => line('account', { account: { ...ACCOUNT, ...more } })
  test('good', () => {
    expect(account({})).toBe(
      'well: Kettle Street Cycles, AC…41f7. Token checked at 2026-11-20T10:41Z. [Change token → go_live]',
    )
    expect(account({ kept: 'environment' })).toMatch(/10:41Z\.$/)
  })
  test('refused: the token is changed where it was entered; set from outside, Twilio can be asked again', () => {
    const sentence = 'Twilio does not know this SID and token.'
    expect(account({ state: 'refused', name: '', sentence })).toBe(
      `trouble: AC…41f7. ${sentence} [Change token → go_live]`,
    )
    expect(account({ state: 'refused', name: '', sentence, kept: 'environment' })).toBe(
      `trouble: AC…41f7. ${sentence} [Ask again → live.numbers]`,
    )
  })
  test('not reached: a fault once somebody asked', () => {
    const sentence = 'Twilio cannot be reached.'
    expect(account({ state: 'unreached', name: '', sentence })).toBe(
      `trouble: AC…41f7. ${sentence} [Ask again → live.numbers]`,
    )
    expect(account({ state: 'unreached', name: '', sentence: 'Not asked yet.', checked_at: null })).toBe(
      'off: AC…41f7. Not asked yet. [Ask now → live.numbers]',
    )
  })
  test('a token without its SID: nobody can be asked, so no button promises it', () => {
    const token = {
      state: 'unreached',
      sid: null,
      name: '',
      checked_at: null,
      sentence: 'The SID is needed.',
    } as const
    expect(account({ ...token, kept: 'environment' })).toBe('off: The SID is needed.')
    expect(account(token)).toBe('off: The SID is needed. [Connect it → go_live]')
  })
  test('none, unknown here, or the simulation’s', () => {
    expect(line('account', {}, NOTHING)).toBe('off: No account yet. [Connect it → go_live]')
    expect(line('account', { account: undefined }, NOTHING)).toBe(
      'off: No Twilio account is entered yet. [Connect it → go_live]',
    )
    expect(line('account', { account: undefined })).toBe('well: A token is set from outside.')
    expect(line('account', { isSimulation: true })).toBe('well: The simulation’s own; it reaches nobody.')
  })
})

describe('the numbers', () => {
  const numbers = (...states: Partial<NumberView>[]) =>
    line('numbers', { numbers: states.map((more) => ({ ...NUMBER, ...more })) })
  test('all here', () =>
    expect(numbers({}, {}, { chosen: false, state: 'untouched' })).toBe(
      'well: 2 of 2 point here. Twilio tries each message again for 15 s. [Self-test → live.test]',
    ))
  test('changed by somebody else', () =>
    expect(numbers({}, { state: 'elsewhere' })).toBe(
      'trouble: 1 of 2 point here. Something else has changed the others since. [Point them here → go_live]',
    ))
  test('something takes their place', () =>
    expect(numbers({}, { state: 'overridden', problem: 'A service takes its texts.' })).toBe(
      'trouble: 1 of 2 point here. +15705550100: A service takes its texts. [Look at it → go_live]',
    ))
  test('one is gone from the account', () =>
    expect(numbers({}, { state: 'gone', problem: 'It is no longer in the account.' })).toBe(
      'trouble: 1 of 2 point here. +15705550100: It is no longer in the account. [Look at it → go_live]',
    ))
  test('not live yet', () =>
    expect(numbers({ state: 'untouched' })).toBe(
      'off: 0 of 1 point here. The others do once you go live. [Point them here → go_live]',
    ))
  test('no longer live, and not all put back', () => {
    const leaving = { left: 2, next_try_at: AT, why: 'Twilio has trouble of its own (HTTP 500).' }
    expect(line('numbers', { leaving })).toBe(
      'trouble: 2 could not be put back yet, which is tried again by itself. Twilio has trouble of its own (HTTP 500). [Look at it → go_live]',
    )
  })
  test('none chosen, and not known yet', () => {
    expect(numbers({ chosen: false })).toBe('off: None is chosen to come here. [Choose → go_live]')
    expect(line('numbers', { numbers: [], numbersReadAt: null })).toBe(
      'off: They were not read from Twilio yet. [Read them → live.numbers]',
    )
    expect(line('numbers', {}, NOTHING)).toBe('off: There are none without an account.')
    expect(line('numbers', { isSimulation: true })).toBe('well: The test phone writes to one of its own.')
  })
})

test('the last webhook', () => {
  expect(line('last_webhook', {})).toBe(
    'well: Taken at 2026-11-20T10:41:26Z, and stored before it was answered. [Go to the logs → go_log]',
  )
  expect(line('last_webhook', { lastWebhookAt: null })).toBe('off: None has come since the start.')
  expect(line('last_webhook', {}, NOTHING)).toBe(
    'off: None is taken: no token is set to check them with. [Test phone → go_phone]',
  )
})

test('webhooks that were refused since the last that was taken', () => {
  const refusedWebhooks = { count: 4, since: MS }
  const REFUSED: StatusFacts = { ...WELL, account: { ...ACCOUNT, state: 'refused' } }
  expect(line('last_webhook', { refusedWebhooks }, REFUSED)).toBe(
    'trouble: Taken at 2026-11-20T10:41:26Z. 4 requests refused since 2026-11-20T10:41Z: signed with another token. What they told of is read from Twilio’s lists once the account’s token is right. [Change token → go_live]',
  )
  // A stranger's posts are no trouble of ours.
  expect(line('last_webhook', { refusedWebhooks })).toMatch(
    /^well: .* 4 requests refused since .*Only Twilio may post/,
  )
  expect(line('last_webhook', { refusedWebhooks, lastWebhookAt: null })).toMatch(
    /^off: 4 requests refused since /,
  )
  const one = { refusedWebhooks: { count: 1, since: MS }, lastWebhookAt: null }
  expect(line('last_webhook', one)).toMatch(/^off: 1 request refused since /)
})

test('what waits to be sent while the account is refused', () => {
  const outbox = { waiting: 2, triedAt: null, unsure: 0 }
  const account = { ...ACCOUNT, state: 'refused' as const }
  expect(line('outbox', { outbox, account })).toBe(
    'trouble: 2 messages wait until Twilio takes the account again. [Change token → go_live]',
  )
  expect(line('outbox', { outbox, account: { ...account, kept: 'environment' } })).toContain('[Show sessions')
})

test('what waits to be sent', () => {
  const outbox = (waiting: number, more: Partial<StatusFacts['outbox']> = {}, from = WELL) =>
    line('outbox', { outbox: { waiting, triedAt: null, unsure: 0, ...more } }, from)
  expect(outbox(0)).toBe('well: Nothing waits to be sent.')
  expect(outbox(1)).toBe(
    'busy: 1 message is being sent. Sending does not need the tunnel. [Show sessions → go_sessions]',
  )
  expect(outbox(2, {}, { ...WELL, isHeld: true })).toBe(
    'busy: 2 messages wait until Twilio’s lists were read, in case somebody said STOP meanwhile. Sending does not need the tunnel. [Show sessions → go_sessions]',
  )
  expect(outbox(1_234, { triedAt: AT })).toBe(
    'busy: 1,234 messages wait; the next try is at 2026-11-20T10:41:26Z. Sending does not need the tunnel. [Show sessions → go_sessions]',
  )
  expect(outbox(0, { unsure: 1 })).toBe(
    'trouble: 1 message may or may not have gone out. Nothing else waits to be sent. [Show sessions → go_sessions]',
  )
  expect(outbox(1, {}, NOTHING)).toBe('trouble: 1 message waits for an account. [Connect it → go_live]')
  expect(outbox(2, {}, NOTHING)).toBe('trouble: 2 messages wait for an account. [Connect it → go_live]')
})

test('of the outbox counts what is still to go out, and when its next try is', () => {
  const entry = { _id: 'a', attempts: 1, updatedAt: AT }
  const later = new Date(MS + 60_000).toISOString()
  const soon = new Date(MS + 9_000).toISOString()
  expect(
    outboxFacts(
      [
        { ...entry, state: 'queued', not_before: later },
        { ...entry, state: 'queued', not_before: soon },
        { ...entry, state: 'handed_over' },
        { ...entry, state: 'unsure' },
      ],
      MS,
    ),
  ).toEqual({ waiting: 2, triedAt: soon, unsure: 1 })
  // One that is being sent now comes before those that wait.
  expect(
    outboxFacts(
      [
        { ...entry, state: 'queued', not_before: later },
        { ...entry, state: 'calling' },
      ],
      MS,
    ),
  ).toMatchObject({ waiting: 2, triedAt: null })
  // Nothing is called while Twilio has too much to do.
  const queued = [{ ...entry, state: 'queued' as const, not_before: soon }]
  expect(outboxFacts(queued, MS, Date.parse(later))).toMatchObject({ triedAt: later })
  expect(outboxFacts(queued, MS, MS + 1_000)).toMatchObject({ triedAt: soon })
})

test('catching up', () => {
  const catchUp = (more: Partial<StatusFacts['catchUp']>, facts: Partial<StatusFacts> = {}) =>
    line('catch_up', { catchUp: { ...WELL.catchUp, ...more }, ...facts })
  expect(catchUp({})).toBe('well: Read to 2026-11-20T10:41Z. Nothing was missed. [Read now → catch_up.start]')
  expect(catchUp({ state: 'reading', looked_at: 1_200, found: 3, sentence: 'They are being read.' })).toBe(
    'busy: They are being read. 1,200 looked at, 3 of them new. [Stop → catch_up.cancel]',
  )
  expect(catchUp({ state: 'failed', read_to: null, sentence: 'Twilio cannot be reached.' })).toBe(
    'trouble: Twilio cannot be reached. [Read now → catch_up.start]',
  )
  expect(catchUp({ state: 'off' })).toBe(
    'off: Twilio’s lists are read once the account’s SID is set beside its token.',
  )
  expect(line('catch_up', {}, NOTHING)).toBe('off: Twilio’s lists are read once an account is entered.')
  expect(catchUp({}, { isSimulation: true })).toBe('off: Nothing is missed in a simulation.')
})

test('the disk', () => {
  const disk = (
    room: Partial<typeof ROOM> | undefined,
    state: StatusFacts['disk']['state'] = { state: 'ok' },
  ) => line('disk', { disk: { state, room: room && { ...ROOM, ...room } } })
  expect(disk({})).toBe(
    'well: 96 MB used, 412 GB free. Last backup at 2026-11-20T10:41Z, verified. [Back up now → backup.now]',
  )
  expect(line('disk', { disk: { state: { state: 'ok' }, room: { ...ROOM, backup: null } } })).toBe(
    'well: 96 MB used, 412 GB free. No backup yet; one a day is made by itself. [Back up now → backup.now]',
  )
  expect(disk({ free: 999_999_999 })).toBe(
    'trouble: 96 MB used, 999 MB free. Free some space before nothing can be taken any more. Last backup at 2026-11-20T10:41Z, verified. [Data folder → go_data]',
  )
  expect(disk({ backupProblem: 'The folder cannot be written.' })).toBe(
    'trouble: 96 MB used, 412 GB free. Last backup at 2026-11-20T10:41Z, verified. Today’s could not be made: The folder cannot be written. [Back up now → backup.now]',
  )
  expect(disk({}, { state: 'full', reason: 'The disk is full.' })).toBe(
    'trouble: The disk is full. [Data folder → go_data]',
  )
  expect(disk({}, { state: 'failed', reason: 'It cannot be written.' })).toBe(
    'trouble: It cannot be written. [Data folder → go_data]',
  )
  expect(disk(undefined)).toBe('well: The data folder can be written. [Back up now → backup.now]')
})

test('bytes are said in steps of a thousand, and never more than there are', () => {
  expect([0, 999, 1_000, 9_990_000, 10_000_000, 1_000_000_000, 1e18].map(bytes)).toEqual([
    '0 bytes',
    '999 bytes',
    '1 kB',
    '9.9 MB',
    '10 MB',
    '1.0 GB',
    '1000000 TB',
  ])
  const worth = { bytes: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 }
  fc.assert(
    fc.property(fc.double({ min: 0, max: 9e14, noNaN: true }), (count) => {
      const [figure = '', unit = ''] = bytes(count).split(' ')
      const said = Number(figure) * worth[unit as keyof typeof worth]
      expect(said).toBeLessThanOrEqual(count * (1 + 1e-12))
      expect(said).toBeGreaterThan(count * 0.5 - 1)
    }),
  )
})

// Anything that may be known, in any combination.
const time = fc
  .date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true })
  .map((at) => at.toISOString())
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null })
const words = fc.constantFrom('', 'It stopped answering.', 'Twilio cannot be reached; check the connection.')
const count = fc.nat({ max: 3_000_000 })
const tunnel: fc.Arbitrary<TunnelView> = fc.record({
  provider: fc.constantFrom('none', 'localtunnel', 'address'),
  state: fc.constantFrom('off', 'opening', 'checking', 'up', 'down'),
  url: maybe(fc.webUrl()),
  since: time,
  lost_at: maybe(time),
  tries: fc.nat({ max: 90 }),
  next_try_at: maybe(time),
  reason: words,
  history: fc.constant([]),
})
const account: fc.Arbitrary<AccountView> = fc.record({
  state: fc.constantFrom('none', 'good', 'refused', 'unreached'),
  sid: maybe(fc.constant(ACCOUNT.sid)),
  name: fc.constantFrom('', 'Kettle Street Cycles', 'نادي الدراجات'),
  trial: fc.boolean(),
  checked_at: maybe(time),
  kept: fc.constantFrom('none', 'environment', 'key_store', 'in_memory'),
  sentence: words.map((of) => of || 'No account.'),
})
const numberView: fc.Arbitrary<NumberView> = fc.record({
  sid: fc.string(),
  kind: fc.constantFrom('phone', 'whatsapp'),
  number: fc.constantFrom('+15705550100', ''),
  name: fc.string(),
  can: fc.constant(NUMBER.can),
  chosen: fc.boolean(),
  voice: fc.constantFrom('leave', 'here'),
  state: fc.constantFrom('untouched', 'here', 'elsewhere', 'overridden', 'gone', 'unread'),
  before: fc.constant(null),
  problem: words,
})
const facts: fc.Arbitrary<StatusFacts> = fc.record({
  isSimulation: fc.boolean(),
  tunnel,
  isListening: fc.boolean(),
  account: fc.option(account, { nil: undefined }),
  hasAccount: fc.boolean(),
  numbers: fc.array(numberView, { maxLength: 4 }),
  leaving: maybe(fc.record({ left: fc.integer({ min: 1, max: 9 }), next_try_at: maybe(time), why: words })),
  numbersReadAt: maybe(time),
  lastWebhookAt: maybe(fc.nat(4e12)),
  refusedWebhooks: maybe(fc.record({ count: fc.integer({ min: 1 }), since: fc.nat(4e12) })),
  outbox: fc.record({ waiting: count, triedAt: maybe(time), unsure: count }),
  isHeld: fc.boolean(),
  catchUp: fc.record({
    state: fc.constantFrom('off', 'idle', 'reading', 'failed'),
    read_to: maybe(time),
    looked_at: count,
    found: count,
    sentence: words.map((of) => of || 'Nothing was missed.'),
    away: fc.constant(null),
  }),
  ahead: fc.option(fc.integer({ min: -4e8, max: 4e8 }), { nil: undefined }),
  disk: fc.record({
    state: fc.oneof(
      fc.constant({ state: 'ok' } as const),
      fc.constant({ state: 'full', reason: 'The disk is full.' } as const),
      fc.constant({ state: 'failed', reason: 'It cannot be written.' } as const),
    ),
    room: fc.option(
      fc.record({
        used: fc.nat(),
        free: fc.nat(),
        backup: maybe(fc.record({ at: fc.nat(4e12) })),
        backupProblem: words,
      }),
      { nil: undefined },
    ),
  }),
})

const ORDER: readonly PartId[] = [
  'tunnel',
  'account',
  'numbers',
  'last_webhook',
  'outbox',
  'catch_up',
  'clock',
  'disk',
]

/** Something happens: the console answers it without a word more, or the page goes somewhere. */
const doesSomething = ({ request }: NonNullable<StatusPart['action']>): boolean =>
  request in GO ||
  (request in requestSchemas && requestSchemas[request as keyof typeof requestSchemas].safeParse({}).success)

test.each([
  [undefined, 'no such line'],
  [5_000, 'no such line'],
  [41_200, 'trouble: This computer’s clock is 41 s behind Twilio’s'],
  [-600_000, 'trouble: This computer’s clock is 10 min ahead of Twilio’s'],
  [-7_200_000, 'trouble: This computer’s clock is 2 h ahead of Twilio’s'],
  [-400_000_000, 'trouble: This computer’s clock is 5 days ahead of Twilio’s'],
])('a clock that is not Twilio’s is said (%s ms)', (ahead, words) => {
  expect(line('clock', { ahead }).split(',')[0]).toBe(words)
})

test('whatever is so: each part once, in whole sentences, and a fault never without the one thing to do', () => {
  fc.assert(
    fc.property(facts, (known) => {
      const parts = statusParts(known)
      const isWrong = !known.isSimulation && Math.abs(known.ahead ?? 0) > 5_000
      expect(parts.map(({ id }) => id)).toEqual(ORDER.filter((id) => id !== 'clock' || isWrong))
      for (const part of parts) {
        expect(part.sentence.trim()).toMatch(/\.$/)
        expect(part.sentence).not.toMatch(/undefined|null|NaN|Invalid|\$\{| {2}/)
        expect(part.title).not.toBe('')
        if (part.action) {
          expect(part.action.label).toMatch(/^\p{Lu}.{2,18}$/u)
          expect(doesSomething(part.action)).toBe(true)
        }
        if (part.state === 'trouble') expect(part.action, part.sentence).not.toBeNull()
      }
    }),
    { numRuns: 500 },
  )
})
