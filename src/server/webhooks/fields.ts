import { firstOf, type Form } from './form.ts'
import { Refusal } from './refusal.ts'

/**
 * The one value of the first of these fields that has any; '' when none has.
 *
 * Several names are Twilio's names for one thing (MessageSid, SmsMessageSid, SmsSid). Repeating a value is harmless;
 * different values leave no way to tell which is meant: throws Refusal 400.
 */
export function one(form: Form, ...names: readonly string[]): string {
  let found = ''
  for (const name of names) {
    const value = form.get(name)
    if (value === undefined) continue
    for (const given of typeof value === 'string' ? [value] : value) {
      if (given === '' || given === found) continue
      if (found !== '') {
        throw new Refusal(400, 'params_conflicting', { signed: true, details: { names: names.join(', ') } })
      }
      found = given
    }
  }
  return found
}

/** Like `one`, but there must be a value: throws Refusal 400 naming the first name. */
export function needed(form: Form, ...names: readonly [string, ...string[]]): string {
  const value = one(form, ...names)
  if (value === '') throw missing(names[0])
  return value
}

/** Like `one`, but the field must be there, if only empty: throws Refusal 400. */
export function present(form: Form, name: string): string {
  if (!form.has(name)) throw missing(name)
  return one(form, name)
}

/** A whole number that is not negative; undefined when the field is absent or holds anything else. */
export function wholeNumber(form: Form, name: string): number | undefined {
  const text = firstOf(form, name)
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined
}

const WHATSAPP = 'whatsapp:'

export function isWhatsApp(address: string): boolean {
  return address.startsWith(WHATSAPP)
}

/** A number as we keep it: without Twilio's whatsapp: prefix, otherwise as received. */
export function numberOf(address: string): string {
  return isWhatsApp(address) ? address.slice(WHATSAPP.length) : address
}

function missing(name: string): Refusal {
  return new Refusal(400, 'params_missing', { signed: true, details: { names: name } })
}
