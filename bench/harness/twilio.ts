import { signedRequest } from '../../test/webhooks/signed-request.ts'

export const TOKEN = 'a-token-for-the-bench'
export const ACCOUNT = `AC${'b'.repeat(32)}`

/** Numbers the made-up history has (scripts/history.ts): its people write, and as many strangers. */
const CHANNELS = ['+15703251809', '+15703251810', '+15703251811']
const PEOPLE = 600
const STRANGERS = 5_000
const FIRST_STRANGER = 100_000_000
const TEXTS = [
  'Hello',
  'Is my order ready?',
  'I’d like to book a table for four on Friday at 19:30',
  '¿Tienen abierto el domingo?',
  'Danke schön! 🙏',
  'Could you send me the invoice again, please? The last one got lost.',
]

/** One text as Twilio posts it: every parameter a real one has (reference twilio.md §1). */
export function textOf(number: number): Record<string, string> {
  const person = number % 2 === 0 ? (number * 7) % PEOPLE : FIRST_STRANGER + ((number * 7) % STRANGERS)
  const sid = sidOf(number)
  return {
    ToCountry: 'US',
    ToState: 'PA',
    SmsMessageSid: sid,
    NumMedia: '0',
    ToCity: 'ALLENTOWN',
    FromZip: '94105',
    SmsSid: sid,
    FromState: 'CA',
    SmsStatus: 'received',
    FromCity: 'SAN FRANCISCO',
    Body: TEXTS[number % TEXTS.length] ?? '',
    FromCountry: 'US',
    To: CHANNELS[person % CHANNELS.length] ?? '',
    ToZip: '18101',
    NumSegments: '1',
    MessageSid: sid,
    AccountSid: ACCOUNT,
    From: `+1${String(2_000_000_000 + person * 7)}`,
    ApiVersion: '2010-04-01',
  }
}

const sidOf = (number: number): string => `SMbe0c${number.toString(16).padStart(28, '0')}`

/** The bytes Twilio would send for it to `base` (http://host:port), signed; `change` has what is to be different. */
export function requestOf(number: number, base: string, change: Record<string, string> = {}): Buffer {
  const { headers, body } = signedRequest(base, '/webhooks/sms', { ...textOf(number), ...change }, TOKEN)
  const lines = [
    'POST /webhooks/sms HTTP/1.1',
    `Host: ${new URL(base).host}`,
    'User-Agent: TwilioProxy/1.1',
    'Accept: */*',
    'Content-Type: application/x-www-form-urlencoded; charset=utf-8',
    `X-Twilio-Signature: ${headers['X-Twilio-Signature'] ?? ''}`,
    `I-Twilio-Idempotency-Token: 1f0c${String(number).padStart(32, '0')}`,
    'X-Home-Region: us1',
    'Connection: keep-alive',
    `Content-Length: ${String(Buffer.byteLength(body))}`,
  ]
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`)
}
