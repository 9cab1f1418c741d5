/** The words a caller hears. Plain text. */
export interface VoiceWords {
  greeting: string
  /** After a recording, and where the caller left none. */
  goodbye: string
  /** BCP 47, e.g. en-US: one of Twilio's languages for <Say>. */
  language: string
  /** Longest voicemail, seconds. */
  maxLength: number
}

export const DEFAULT_WORDS: VoiceWords = {
  greeting: 'Thank you for calling. Please leave a message after the tone.',
  goodbye: 'Thank you. Goodbye.',
  language: 'en-US',
  maxLength: 180,
}

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>'

/** Taken, and nothing to say: Twilio sends the contact no answer of its own. */
export const SILENCE = `${HEAD}<Response/>`

/**
 * Answers a call by taking a voicemail.
 *
 * The addresses are paths: Twilio resolves them against the one it called, so they are right under every tunnel. The
 * action is given because <Record> without one asks for the same address again, for ever. A caller who says nothing
 * skips the action and hears what follows it. Source: Twilio's TwiML <Record>.
 */
export function takeVoicemail(words: VoiceWords): string {
  const record = attributes({
    action: '/webhooks/voice/recording',
    method: 'POST',
    maxLength: String(words.maxLength),
    playBeep: 'true',
    transcribe: 'true',
    transcribeCallback: '/webhooks/voice/transcription',
    recordingStatusCallback: '/webhooks/voice/recording-status',
    recordingStatusCallbackMethod: 'POST',
    recordingStatusCallbackEvent: 'completed absent',
  })
  return `${HEAD}<Response>${say(words.greeting, words)}<Record ${record}/>${say(words.goodbye, words)}<Hangup/></Response>`
}

export function sayGoodbye(words: VoiceWords): string {
  return `${HEAD}<Response>${say(words.goodbye, words)}<Hangup/></Response>`
}

/**
 * An address where Twilio itself answers a call with a voicemail while nobody here can: its Echo Twimlet gives back the
 * TwiML in its own address. The recording stays at Twilio and is found in its list afterwards.
 * Source: twilio.com/labs/twimlets/echo.
 */
export function hostedVoicemail(words: VoiceWords): string {
  const record = attributes({
    maxLength: String(words.maxLength),
    playBeep: 'true',
    // Without an action the same address would be asked again, for ever.
    action: echo('<Response><Hangup/></Response>'),
  })
  return echo(
    `<Response>${say(words.greeting, words)}<Record ${record}/>${say(words.goodbye, words)}<Hangup/></Response>`,
  )
}

const echo = (twiml: string): string => `https://twimlets.com/echo?Twiml=${encodeURIComponent(twiml)}`

function say(text: string, words: VoiceWords): string {
  return `<Say ${attributes({ language: words.language })}>${escape(text)}</Say>`
}

function attributes(values: Record<string, string>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${escape(value)}"`)
    .join(' ')
}

/** XML text: characters XML 1.0 does not know are left out, or Twilio refuses the whole answer (error 12100). */
function escape(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
