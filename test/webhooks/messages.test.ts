import { expect, test } from 'vitest'
import { SwitchboardError } from '../../src/shared/errors.ts'
import { CALL, PUBLIC, run, TEXT, TOKEN } from './fixture.ts'
import { signedRequest, type TestParams } from './signed-request.ts'

const WEBHOOK = { kind: 'webhook' }
const EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'

test('a text becomes a message and is answered with empty TwiML', async () => {
  const server = await run()
  const answer = await server.post('/webhooks/sms', TEXT)

  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toMatch(/^text\/xml\b/)
  expect(await answer.text()).toBe(EMPTY)
  const { MessageSid, From, To, Body, AccountSid: _, ...params } = TEXT
  expect(server.kept).toEqual([
    {
      by: 'message',
      what: { sid: MessageSid, medium: 'sms', channel: To, contact: From, body: Body, media: [], params },
      source: WEBHOOK,
    },
  ])
  expect(server.taken).toEqual([{ path: '/webhooks/sms', at: server.clock.now() }])
})

test('it is answered only after the intake has it', async () => {
  const gate = Promise.withResolvers<undefined>()
  const server = await run({ before: () => gate.promise })
  let answered = false
  const answer = server.post('/webhooks/sms', TEXT).then((response) => {
    answered = true
    return response
  })
  await new Promise((resolve) => setTimeout(resolve, 150))
  expect(answered).toBe(false)
  expect(server.taken).toEqual([])
  gate.resolve(undefined)
  expect((await answer).status).toBe(200)
})

test.each(['/webhooks/sms', '/webhooks/whatsapp', '/webhooks/voice'])(
  'a whatsapp: number is WhatsApp wherever it arrives: %s',
  async (path) => {
    const server = await run()
    const answer = await server.post(path, {
      ...TEXT,
      From: 'whatsapp:+6591234567',
      To: 'whatsapp:+14155238886',
      ProfileName: 'Ann Lee',
      WaId: '6591234567',
    })
    expect(answer.status).toBe(200)
    expect(await answer.text()).toBe(EMPTY)
    expect(server.kept).toMatchObject([
      {
        by: 'message',
        what: {
          medium: 'whatsapp',
          contact: '+6591234567',
          channel: '+14155238886',
          profile_name: 'Ann Lee',
          params: { ProfileName: 'Ann Lee', WaId: '6591234567' },
        },
      },
    ])
  },
)

test('what comes to the WhatsApp address is WhatsApp', async () => {
  const server = await run()
  await server.post('/webhooks/whatsapp', TEXT)
  expect(server.kept).toMatchObject([{ what: { medium: 'whatsapp' } }])
})

test('media are counted by what is there', async () => {
  const server = await run()
  await server.post('/webhooks/sms', {
    ...TEXT,
    NumMedia: '1',
    MediaUrl0: 'https://api.twilio.com/a',
    MediaContentType0: 'image/jpeg',
    MediaUrl2: 'https://api.twilio.com/c',
    MediaUrl100: 'https://api.twilio.com/too-many',
  })
  expect(server.kept).toMatchObject([
    {
      what: {
        media: [
          { url: 'https://api.twilio.com/a', content_type: 'image/jpeg' },
          { url: 'https://api.twilio.com/c', content_type: 'application/octet-stream' },
        ],
        params: { NumMedia: '1', MediaUrl100: 'https://api.twilio.com/too-many' },
      },
    },
  ])
})

test("the SID may come under Twilio's older names", async () => {
  const { MessageSid: _, SmsMessageSid: __, ...older } = TEXT
  const server = await run()
  expect((await server.post('/webhooks/sms', older)).status).toBe(200)
  expect(server.kept).toMatchObject([{ what: { sid: TEXT.SmsSid } }])
})

test('Advanced Opt-Out is passed on', async () => {
  const server = await run()
  await server.post('/webhooks/sms', { ...TEXT, OptOutType: 'STOP' })
  await server.post('/webhooks/sms', { ...TEXT, OptOutType: ['HELP', 'START'] })
  await server.post('/webhooks/sms', { ...TEXT, OptOutType: 'NONSENSE' })
  expect(server.kept.map(({ what }) => (what as { opt_out?: string }).opt_out)).toEqual([
    'STOP',
    'HELP',
    undefined,
  ])
})

const odd: [string, TestParams, object][] = [
  ['no Body at all', { Body: [] }, { body: '' }],
  ['an empty Body', { Body: '' }, { body: '' }],
  ['NUL bytes', { Body: 'a\u0000b' }, { body: 'a\u0000b' }],
  ['spaces at the ends', { Body: '  a \r\n' }, { body: '  a \r\n' }],
  ['lone surrogates', { Body: 'a\ud800' }, { body: 'a\ufffd' }],
  ['emoji', { Body: '👩‍👩‍👧 Grüße' }, { body: '👩‍👩‍👧 Grüße' }],
  ['a Body of 20,000 characters', { Body: 'x'.repeat(20_000) }, { body: 'x'.repeat(20_000) }],
  ['two different bodies', { Body: ['a', 'b'] }, { body: 'a', params: { Body: ['a', 'b'] } }],
  [
    'fields repeated alike',
    { From: [TEXT.From, TEXT.From], MessageSid: [TEXT.MessageSid, TEXT.MessageSid] },
    { body: 'Hello' },
  ],
  [
    'fields nobody knows',
    { Later: 'x', later: ['2', '1', '2'] },
    { params: { Later: 'x', later: ['2', '1', '2'] } },
  ],
  ['a field without a name', { '': 'x' }, { params: { '': 'x' } }],
  ['a sender that is no number', { From: 'SHOP 24' }, { contact: 'SHOP 24' }],
]
test.each(odd)('rightly signed and odd is taken: %s', async (_, change, expected) => {
  const server = await run()
  expect((await server.post('/webhooks/sms', { ...TEXT, ...change })).status).toBe(200)
  expect(server.kept).toMatchObject([{ what: expected }])
})

test('rightly signed with broken escapes is taken', async () => {
  const server = await run()
  const { headers, body } = signedRequest(
    PUBLIC,
    '/webhooks/sms',
    { ...TEXT, Body: '100%', Tag: '%zz' },
    TOKEN,
  )
  const broken = body.replace('100%25', '100%').replace('%25zz', '%zz')
  expect((await server.raw('/webhooks/sms', { headers, body: broken })).status).toBe(200)
  expect(server.kept).toMatchObject([{ what: { body: '100%', params: { Tag: '%zz' } } }])
})

const refused: [string, TestParams, number][] = [
  ['no From', { From: [] }, 400],
  ['an empty From', { From: '' }, 400],
  ['no To', { To: [] }, 400],
  ['no SID', { MessageSid: [], SmsMessageSid: [], SmsSid: [] }, 400],
  ['no account', { AccountSid: [] }, 400],
  ['two senders', { From: [TEXT.From, '+1'] }, 400],
  ['two receivers', { To: [TEXT.To, '+1'] }, 400],
  ['two SIDs', { MessageSid: [TEXT.MessageSid, 'SM2'] }, 400],
  ['names for the SID that differ', { SmsSid: 'SM2' }, 400],
  ['two accounts', { AccountSid: [TEXT.AccountSid, 'AC2'] }, 400],
  ['another account', { AccountSid: `AC${'c'.repeat(32)}` }, 403],
]
test.each(refused)('rightly signed and refused: %s', async (_, change, status) => {
  const server = await run()
  const answer = await server.post('/webhooks/sms', { ...TEXT, ...change })
  expect(answer.status).toBe(status)
  expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8')
  expect(await answer.text()).toMatch(/^The request .{1,100}\.$/)
  expect(server.kept).toEqual([])
  expect(server.lines).toHaveLength(1)
  expect(JSON.stringify(server.lines)).not.toContain(TEXT.From)
})

test('while our account is not known, none need be named', async () => {
  const server = await run({ credentials: () => ({ authTokens: [TOKEN] }) })
  expect((await server.post('/webhooks/sms', { ...TEXT, AccountSid: [] })).status).toBe(200)
})

test.each([
  ['disk_full', 503],
  ['disk_failed', 503],
] as const)('a message that could not be kept is not acknowledged: %s', async (code, status) => {
  const server = await run({ before: () => Promise.reject(new SwitchboardError(code, { reason: 'EIO' })) })
  const answer = await server.post('/webhooks/sms', TEXT)
  expect(answer.status).toBe(status)
  expect(answer.headers.get('retry-after')).toBe('30')
  expect(server.taken).toEqual([])
  expect(server.lines).toHaveLength(1)
})

test('a defect is loud here and silent outside', async () => {
  const server = await run({ before: () => Promise.reject(new Error('secret detail')) })
  const answer = await server.post('/webhooks/sms', TEXT)
  expect(answer.status).toBe(500)
  expect(await answer.text()).not.toContain('secret')
  expect(server.lines).toMatchObject([{ level: 'error' }])
})

test('a delivery status goes to the intake and is answered 204', async () => {
  const server = await run()
  const answers = [
    await server.post('/webhooks/status?m=68ef67d33c2b4a54409a10cc', {
      MessageSid: 'SM1',
      SmsSid: 'SM1',
      MessageStatus: 'undelivered',
      ErrorCode: '30003',
      AccountSid: TEXT.AccountSid,
    }),
    await server.post('/webhooks/status', { SmsSid: 'SM2', SmsStatus: 'sent', AccountSid: TEXT.AccountSid }),
    await server.post('/webhooks/status', { MessageSid: 'SM3', AccountSid: TEXT.AccountSid }),
    await server.post('/webhooks/status', { ...CALL, CallStatus: 'completed', CallDuration: '12' }),
  ]
  expect(answers.map(({ status }) => status)).toEqual([204, 204, 204, 204])
  expect(await answers[0]?.text()).toBe('')
  expect(server.kept).toEqual([
    {
      by: 'status',
      what: { sid: 'SM1', id: '68ef67d33c2b4a54409a10cc', status: 'undelivered', error_code: 30003 },
    },
    { by: 'status', what: { sid: 'SM2', status: 'sent' } },
    { by: 'callProgress', what: { call_sid: CALL.CallSid, call_status: 'completed', duration_s: 12 } },
  ])
  expect(
    (await server.post('/webhooks/status', { MessageStatus: 'sent', AccountSid: TEXT.AccountSid })).status,
  ).toBe(400)
})
