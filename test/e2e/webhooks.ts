/** Twilio as the webhooks see it: forms, signed with the account's token. */
import { createHmac, randomBytes } from 'node:crypto'

/** Of the tests' own making: no such account exists. */
export const TEST_ACCOUNT = {
  accountSid: `AC${'e2e0'.repeat(8)}`,
  authToken: `e2e-${'token'.repeat(5)}`,
}

export interface Text {
  from: string
  to?: string
  body: string
  medium?: 'sms' | 'whatsapp'
  /** The sender's name at WhatsApp. */
  name?: string
}

/** Posts a text as Twilio would; resolves to the answer's status. `webhooks`: the base address, without a path. */
export async function postText(
  webhooks: string,
  { from, to = '+15550009999', body, medium = 'sms', name }: Text,
): Promise<number> {
  const prefix = medium === 'whatsapp' ? 'whatsapp:' : ''
  return post(`${webhooks}/webhooks/${medium}`, {
    AccountSid: TEST_ACCOUNT.accountSid,
    MessageSid: `SM${randomBytes(16).toString('hex')}`,
    From: `${prefix}${from}`,
    To: `${prefix}${to}`,
    Body: body,
    NumMedia: '0',
    ...(name !== undefined && { ProfileName: name }),
  })
}

export async function post(url: string, form: Record<string, string>): Promise<number> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'x-twilio-signature': sign(url, form) },
    body: new URLSearchParams(form),
  })
  await response.arrayBuffer()
  return response.status
}

/** Twilio's signature: the address followed by each parameter's name and value, sorted by name (reference twilio.md). */
function sign(url: string, form: Record<string, string>): string {
  const fields = Object.entries(form).sort(([a], [b]) => (a < b ? -1 : 1))
  const text = url + fields.map(([name, value]) => name + value).join('')
  return createHmac('sha1', TEST_ACCOUNT.authToken).update(text).digest('base64')
}
