/** What Twilio and the networks send in place of a number that is withheld: names, and those names dialled. */
const NO_NUMBER = new Set([
  '',
  'anonymous',
  'blocked',
  'private',
  'restricted',
  'unavailable',
  'unknown',
  'withheld',
  '266696687', // ANONYMOUS
  '2562533', // BLOCKED
  '7378742833', // RESTRICTED
  '86282452253', // UNAVAILABLE
  '8656696', // UNKNOWN
])

/** The caller's number, or the CallSid where there is none: such calls must not share a session (design §3). */
export function callerOf(from: string, callSid: string): string {
  const number = from.replace(/^whatsapp:/, '')
  const bare = number
    .trim()
    .toLowerCase()
    .replace(/^(?:sips?|client):/, '')
    .replace(/@.*$/, '')
    .replace(/^\+/, '')
  return NO_NUMBER.has(bare) ? callSid : number
}
