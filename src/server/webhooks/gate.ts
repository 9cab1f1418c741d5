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
 * Fields of a form. Twilio sends some dozens; each of a stranger's ten thousand would be sorted and signed anew for every
 * address of ours, and nothing else is done meanwhile.
 */
export const MOST_FIELDS = 500

/**
 * Lets in what Twilio signed for us, as a form. The signature comes before anything else is believed.
 *
 * The URL that was signed is one of our public bases and the request's own path: never the Host header, which a tunnel
 * rewrites and an attacker chooses. Throws Refusal; what carries no signature is refused before its body is read.
 * `isFlooded`: so many were refused of late that second opinions on a signature cost too much.
 */
export async function admit(
  request: IncomingMessage,
  credentials: Credentials | undefined,
  publicBases: readonly string[],
  isFlooded: () => boolean = () => false,
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
  if (isForm && hasTooMany(body))
    throw new Refusal(413, 'fields_too_many', { details: { most: MOST_FIELDS } })
  const form = isForm ? parseForm(body) : undefined
  const urls = publicBases.map((base) => base + target)
  if (!isSigned({ given, urls, form, body }, tokens, { isThorough: !isFlooded() }))
    throw new Refusal(403, 'signature_wrong')
  if (form === undefined) throw new Refusal(415, 'content_type_wrong', { signed: true })
  checkAccount(form, credentials.accountSid)
  return form
}

const AMPERSAND = 0x26

function hasTooMany(body: Buffer): boolean {
  let fields = 1
  for (let at = body.indexOf(AMPERSAND); at !== -1; at = body.indexOf(AMPERSAND, at + 1)) {
    fields += 1
    if (fields > MOST_FIELDS) return true
  }
  return false
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
