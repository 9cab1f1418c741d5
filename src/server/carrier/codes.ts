/**
 * Twilio's error codes in plain words, each with the next step (reference twilio.md §4; Twilio's error dictionary).
 */
const CODES: Readonly<Record<number, string>> = {
  11200:
    'Twilio reached this console but got no good answer. Look at the log for the request, then send a test message.',
  11205:
    'Twilio could not connect to this console. Check that it is online and the public address is the one set at Twilio.',
  11210: 'Twilio could not find the host of the webhook address. Set the public address anew.',
  12100: 'Twilio could not read our answer as XML. Update Switchboard, and report it if it stays.',
  12300:
    'Twilio did not accept the type of our answer. Something between it and this console changes answers: check the tunnel or proxy.',
  20003: 'Twilio refused the account SID and token, or the account may not do this. Check both in Settings.',
  20404: 'Twilio knows nothing by that SID in this account. Check that the account is the right one.',
  20429: 'Too many requests to Twilio at once. It is tried again by itself.',
  21211: 'This is not a number that can be written to. Check it for a missing or extra digit.',
  21408:
    'Your Twilio account may not send to this country. Allow the region under Messaging → Geo permissions at Twilio.',
  21602: 'The message is empty. Write something first.',
  21603: 'The message has no sender. Choose one of your numbers.',
  21604: 'The message has no recipient. Choose a contact.',
  21606: 'This number cannot send texts, or is not in your Twilio account. Choose another of your numbers.',
  21608:
    'A trial account writes to verified numbers only. Verify this number at Twilio, or upgrade the account.',
  21610: 'This contact has unsubscribed with STOP. Only they can lift it, by texting START.',
  21612: 'There is no way from your number to this one. Use another of your numbers, or call.',
  21614: 'This is not a mobile number, so it cannot receive texts. Call, or ask for a mobile number.',
  21617: 'The message is longer than 1600 characters. Shorten it or send it in parts.',
  21620: 'A picture or file has an address Twilio cannot use. Attach it again.',
  21635: 'This number is a landline and cannot receive texts. Call, or ask for a mobile number.',
  21655: 'Twilio does not know this template. Choose another.',
  21656: 'A field of the template could not be used. Fill it in again.',
  30001: 'Twilio’s queue for your number is full. Wait a little and retry.',
  30002: 'Your Twilio account is suspended. Look at the Twilio console.',
  30003: 'The phone could not be reached: switched off or out of range. Retry later.',
  30004: 'The recipient, or their carrier, blocks your messages. Reach them another way.',
  30005: 'The number is unknown or no longer in use. Check it with the contact.',
  30006: 'A landline, or a carrier that could not be reached. Call, or use a mobile number.',
  30007:
    'The carrier filtered the message as unwanted. Reword it, leave out links, and check your sender registration.',
  30008:
    'It could not be delivered, and the carrier does not say why. Retry; if it fails again, try another way.',
  30022: 'Your number sends faster than US carriers allow. Wait a little and retry.',
  30023: 'Your number has sent all that US carriers allow in a day. Retry tomorrow.',
  30032: 'Your toll-free number is not verified. Verify it at Twilio, or write from another number.',
  30034: 'Your number is not registered for business texts in the USA (A2P 10DLC). Register it at Twilio.',
  63003: 'This number has no WhatsApp. Send an SMS instead.',
  63007: 'Your WhatsApp sender is not set up at Twilio. Check the number under Messaging → Senders.',
  63012: 'WhatsApp had trouble of its own. Retry in a few minutes.',
  63013:
    'WhatsApp took the message for one that breaks its rules. Reword it, and look at your account there.',
  63015: 'This person has not joined your WhatsApp sandbox. Ask them to send its join word first.',
  63016:
    'More than 24 hours since their last message: WhatsApp allows only approved templates now. Choose a template.',
  63018: 'WhatsApp’s rate limit for your number is reached. It is tried again by itself.',
  63019: 'WhatsApp could not fetch the file. Check that this console is online, then retry.',
  63021: 'WhatsApp did not take the message as it is. Change its words or its file.',
  63024: 'The number cannot receive this WhatsApp message. Check it with the contact, or send an SMS.',
  63032: 'WhatsApp does not deliver this to this contact. Send an SMS instead.',
  63049: 'WhatsApp held the message back as advertising. Wait until they write, or send an SMS.',
}

/** Codes that ask for patience only: the same message may be sent again unchanged. */
const SAFE_TO_REPEAT: ReadonlySet<number> = new Set([20429, 63018, 30001])

export function isSafeToRepeat(code: number): boolean {
  return SAFE_TO_REPEAT.has(code)
}

export function knownCodes(): number[] {
  return Object.keys(CODES).map(Number)
}

/** What a code means and what to do; an unknown one is named, with Twilio's own words where there are any. */
export function explain(code: number, theirs = ''): string {
  const words = CODES[code]
  if (words !== undefined) return words
  const said = theirs === '' ? '' : `: ${theirs.replace(/[.\s]+$/, '')}`
  return code === 0
    ? `Twilio refused it${said}. The log has the details.`
    : `Twilio refused it with code ${code}${said}. Look the code up at twilio.com/docs/api/errors.`
}
