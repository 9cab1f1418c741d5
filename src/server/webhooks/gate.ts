import type { IncomingMessage } from 'node:http'
import { readBody } from './body.ts'
import { one } from './fields.ts'
import { parseForm, type Form } from './form.ts'
import { Refusal } from './refusal.ts'
import { isPlausible, isSigned } from './signature.ts'

export interface Credentials {
  /** One, or two while a token is being replaced at Twilio. */
  authTokens: readonly string[]
  /** Ours, when it is known: a request for another account is refused. */
  accountSid?: string
}

const FORM = 'application/x-www-form-urlencoded'

/**
 * Lets in what Twilio signed for us, as a form. The signature comes before anything else is believed.
 *
 * The URL that was signed is one of our public bases and the request's own path: never the Host header, which a tunnel
 * rewrites and an attacker chooses. Throws Refusal; what carries no signature is refused before its body is read.
 */
export async function admit(
  request: IncomingMessage,
  credentials: Credentials | undefined,
  publicBases: readonly string[],
): Promise<Form> {
  const tokens = credentials?.authTokens.filter((token) => token !== '') ?? []
  if (credentials === undefined || tokens.length === 0) throw new Refusal(403, 'not_configured')
  const given = request.headers['x-twilio-signature']
  if (given === undefined || given === '') throw new Refusal(403, 'signature_missing')
  if (typeof given !== 'string' || !isPlausible(given)) throw new Refusal(403, 'signature_wrong')

  const target = request.url ?? ''
  const isForm = contentTypeOf(request) === FORM
  // Of what is not a form Twilio signs the URL and a hash of the body in it; without that there is nothing to check.
  if (!isForm && !target.includes('bodySHA256=')) throw new Refusal(415, 'content_type_wrong')

  const body = await readBody(request)
  const form = isForm ? parseForm(body) : undefined
  const urls = publicBases.map((base) => base + target)
  if (!isSigned({ given, urls, form, body }, tokens)) throw new Refusal(403, 'signature_wrong')
  if (form === undefined) throw new Refusal(415, 'content_type_wrong', { signed: true })
  checkAccount(form, credentials.accountSid)
  return form
}

function contentTypeOf(request: IncomingMessage): string {
  return request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
}

function checkAccount(form: Form, ours: string | undefined): void {
  const theirs = one(form, 'AccountSid')
  if (ours === undefined || ours === '' || theirs === ours) return
  if (theirs === '') {
    throw new Refusal(400, 'params_missing', { signed: true, details: { names: 'AccountSid' } })
  }
  throw new Refusal(403, 'account_wrong', { signed: true })
}
