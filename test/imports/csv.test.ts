import { describe, expect, it } from 'vitest'
import { FakeIntake, importInto } from './fake-intake.ts'

const HEAD =
  'From,To,Body,Status,SentDate,ApiVersion,NumSegments,ErrorCode,AccountSid,Sid,Direction,Price,PriceUnit'

describe('an import of the Twilio console’s message log', () => {
  it('takes its rows, quoted texts over several lines too', async () => {
    const into = new FakeIntake()
    const result = await importInto(
      into,
      [
        `\uFEFF${HEAD}`,
        '+1234567890,+15703251809,"Hello, ""you""\nthere",received,2025-01-15T10:00:00Z,2010-04-01,1,0,AC1,SM1,inbound,0,USD',
        '+15703251809,+1234567890,Hi,undelivered,2025-01-15 10:01:00,2010-04-01,1,30003,AC1,SM2,outbound-reply,-0.0075,USD',
        'whatsapp:+6591234567,whatsapp:+14155238886,Hey,received,"Wed, 15 Jan 2025 10:02:00 +0000",2010-04-01,1,,AC1,SM3,inbound,0,USD',
      ].join('\r\n'),
    )
    expect(result).toMatchObject({ format: 'twilio-csv', read: 3, taken: 3, refused: 0 })
    expect([...into.taken.values()].map(([kind, at, of]) => [kind, at, of])).toMatchObject([
      [
        'message',
        '2025-01-15T10:00:00.000Z',
        { sid: 'SM1', medium: 'sms', contact: '+1234567890', body: 'Hello, "you"\nthere' },
      ],
      [
        'sent',
        '2025-01-15T10:01:00.000Z',
        { sid: 'SM2', channel: '+15703251809', status: 'undelivered', error_code: 30003 },
      ],
      ['message', '2025-01-15T10:02:00.000Z', { sid: 'SM3', medium: 'whatsapp', contact: '+6591234567' }],
    ])
  })

  it('reports rows it can’t read by line and goes on', async () => {
    const into = new FakeIntake()
    const row = (sid: string) =>
      `+1234567890,+15703251809,Hi,received,2025-01-15T10:00:00Z,x,1,0,AC1,${sid},inbound,0,USD`
    const result = await importInto(
      into,
      [HEAD, row('SM1'), 'too,short', row('SM2'), row(''), 'ab"c,d', row('SM3')].join('\n'),
    )
    expect([...into.taken.keys()]).toEqual(['SM1', 'SM2', 'SM3'])
    expect(result).toMatchObject({ read: 6, taken: 3, refused: 3 })
    expect(result.errors).toEqual([
      { line: 3, reason: 'the row has more or fewer columns than the first line' },
      { line: 5, reason: 'sid is missing' },
      { line: 6, reason: 'the quotation marks are misplaced' },
    ])
  })
})
