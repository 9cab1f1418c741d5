import { randomBytes } from 'node:crypto'
import type { Clock } from '../../ports.ts'
import { createMessaging, type SimMessaging } from './messaging.ts'
import { sampleContents, type SimContent } from './contents.ts'

/** What Twilio keeps for an account, in the words of its REST API. Times in ms. */
export interface SimMessage {
  sid: string
  direction: 'inbound' | 'outbound-api' | 'outbound-reply'
  /** With the whatsapp: prefix where it is WhatsApp. */
  from: string
  to: string
  body: string
  status: string
  error_code: number | null
  media: SimMedia[]
  media_urls: string[]
  /** The template it was made of. */
  content_sid?: string
  status_callback: string
  created: number
  updated: number
  sent: number | null
}

export interface SimMedia {
  sid: string
  parent_sid: string
  content_type: string
  bytes: Buffer
  created: number
}

export interface SimCall {
  sid: string
  direction: 'inbound' | 'outbound-api'
  from: string
  to: string
  status: string
  created: number
  started: number
  ended: number | null
  /** What was said, in order: the test phone shows it. */
  heard: { by: 'caller' | 'business'; text: string }[]
}

export interface SimRecording {
  sid: string
  call_sid: string
  /** Seconds. */
  duration: number
  bytes: Buffer
  created: number
  transcription?: { sid: string; text: string; status: string }
}

export interface SimNumber {
  sid: string
  phone_number: string
  friendly_name: string
  sms_url: string
  sms_method: string
  sms_fallback_url: string
  voice_url: string
  voice_method: string
  voice_fallback_url: string
  voice_fallback_method: string
  status_callback: string
  status_callback_method: string
  sms_application_sid: string
  voice_application_sid: string
  trunk_sid: string
  created: number
  updated: number
}

/** A webhook that got no good answer: what Twilio's debugger would show. */
export interface SimAlert {
  code: number
  url: string
  about: string
  at: number
}

/** An account of its own: random SID and token, and everything that ever happened in it. */
export interface Account {
  readonly sid: string
  /** Renewed by setting another: what carries the former one is refused from then on. */
  token: string
  name: string
  isTrial: boolean
  status: string
  readonly messages: Map<string, SimMessage>
  readonly calls: Map<string, SimCall>
  readonly recordings: Map<string, SimRecording>
  readonly media: Map<string, SimMedia>
  readonly numbers: Map<string, SimNumber>
  readonly alerts: SimAlert[]
  /** Templates of its Content API, by SID. */
  readonly contents: Map<string, SimContent>
  /** Who said STOP to which number: "contact business", both with their prefix. */
  readonly optedOut: Set<string>
  /** Last message of a contact to a number (ms), for WhatsApp's 24 hours. */
  readonly lastInbound: Map<string, number>
  readonly messaging: SimMessaging
}

export function createAccount(): Account {
  return {
    sid: newSid('AC'),
    token: randomBytes(16).toString('hex'),
    name: 'Simulated account',
    isTrial: false,
    status: 'active',
    messages: new Map(),
    calls: new Map(),
    recordings: new Map(),
    media: new Map(),
    numbers: new Map(),
    alerts: [],
    contents: sampleContents(),
    optedOut: new Set(),
    lastInbound: new Map(),
    messaging: createMessaging(),
  }
}

/** Two letters and 32 hex digits, as Twilio's SIDs are. */
export function newSid(prefix: string): string {
  return prefix + randomBytes(16).toString('hex')
}

export function addNumber(account: Account, number: string, clock: Clock, friendlyName = number): SimNumber {
  const entry: SimNumber = {
    sid: newSid('PN'),
    phone_number: number,
    friendly_name: friendlyName,
    sms_url: '',
    sms_method: 'POST',
    sms_fallback_url: '',
    voice_url: '',
    voice_method: 'POST',
    voice_fallback_url: '',
    voice_fallback_method: 'POST',
    status_callback: '',
    status_callback_method: 'POST',
    sms_application_sid: '',
    voice_application_sid: '',
    trunk_sid: '',
    created: clock.now(),
    updated: clock.now(),
  }
  account.numbers.set(entry.sid, entry)
  return entry
}

/** The account's number with these digits, whatever prefix is before them. */
export function numberOf(account: Account, address: string): SimNumber | undefined {
  const digits = address.replace(/^whatsapp:/, '')
  return [...account.numbers.values()].find((number) => number.phone_number === digits)
}

export function pairOf(contact: string, business: string): string {
  return `${contact} ${business}`
}
