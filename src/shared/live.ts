/**
 * Going live as a screen shows it: the account, its numbers, the way in from outside, and how each part is.
 * Types only, so that the page may import them. Times are ISO 8601 UTC.
 */
import type { Iso } from './documents.ts'

export interface AccountView {
  /** `refused`: Twilio says the SID and the token don't belong together. `unreached`: nobody could be asked yet. */
  state: 'none' | 'good' | 'refused' | 'unreached'
  sid: string | null
  name: string
  trial: boolean
  checked_at: Iso | null
  /** Where the token is: never in the data folder. `environment` can't be changed from a screen. */
  kept: 'none' | 'environment' | 'key_store' | 'in_memory'
  /** What is so, and the next step. */
  sentence: string
}

/** What a number's addresses were before Switchboard changed them: put back on leaving. */
export interface Addresses {
  sms_url: string
  sms_method: string
  sms_fallback_url: string
  voice_url: string
  voice_method: string
  voice_fallback_url: string
  voice_fallback_method: string
  status_callback: string
  status_callback_method: string
}

export interface NumberView {
  sid: string
  /** A WhatsApp sender is chosen apart from the number it writes under. */
  kind: 'phone' | 'whatsapp'
  number: string
  name: string
  can: { sms: boolean; mms: boolean; voice: boolean; whatsapp: boolean }
  chosen: boolean
  /** Whether calls come here too; `leave` keeps what answers them today. */
  voice: 'leave' | 'here'
  /**
   * `elsewhere`: it pointed here and something else has changed it since. `overridden`: its addresses don't count.
   * `gone`: it is chosen, and no longer in the account. `unread`: chosen, and Twilio did not say how it stands.
   */
  state: 'untouched' | 'here' | 'elsewhere' | 'overridden' | 'gone' | 'unread'
  before: Addresses | null
  /** What stands in the way and the next step; empty when nothing does. */
  problem: string
}

export interface WayView {
  kind: 'none' | 'localtunnel' | 'address'
  /** The own address, or the localtunnel server when it is not the public one. */
  url: string
}

export interface TunnelMoment {
  at: Iso
  state: TunnelView['state']
  /** The address then, or why it is not up. */
  words: string
}

/** The way in: opened, asked from outside whether it leads here, and opened again when it does not. */
export interface TunnelView {
  provider: WayView['kind']
  state: 'off' | 'opening' | 'checking' | 'up' | 'down'
  url: string | null
  since: Iso
  /** Since when it has not led here, over all tries; null while it does, is closed, or has not failed yet. */
  lost_at: Iso | null
  /** Attempts since it was last up; 0 while it is. */
  tries: number
  next_try_at: Iso | null
  reason: string
  /** Newest last, at most 50. */
  history: TunnelMoment[]
}

export interface Hop {
  name: string
  /** Null: not reached yet. */
  ok: boolean | null
  sentence: string
  ms: number | null
}

export interface SelfTestView {
  number: string
  at: Iso
  done: boolean
  hops: Hop[]
}

export interface Warning {
  code: 'trial' | 'not_registered' | 'tunnel_reads' | 'overridden' | 'fallback_voice' | 'token_in_memory'
  sentence: string
  /** A page of Twilio's or the provider's, https. */
  link: string | null
}

/** It is no longer to be live, and some numbers were not put back yet; that is tried again by itself. */
export interface LeavingView {
  /** How many numbers are left. */
  left: number
  /** Null while it is being tried. */
  next_try_at: Iso | null
  /** What stood in the way the last time; empty before the first failure. */
  why: string
  /** Twilio refused it, so that trying again may never do: the account can be forgotten all the same. */
  refused: boolean
  /** Those that are left, for whoever changes them by hand at Twilio. */
  numbers: LeftNumber[]
}

export interface LeftNumber {
  sid: string
  /** Empty: pointed by a version that did not write it down. */
  number: string
  /** What we set, and what was there before; empty: nothing was. */
  set: { name: keyof Addresses; now: string; before: string }[]
}

export interface LiveView {
  account: AccountView
  numbers: NumberView[]
  numbers_read_at: Iso | null
  way: WayView
  tunnel: TunnelView
  /** Wanted: it goes live by itself at the next start too. */
  wanted: boolean
  /** Null: nothing is left to be put back, or it is to be live. */
  leaving: LeavingView | null
  /** The numbers point here and the way is open. */
  live: boolean
  /** What is under way, in words; empty when nothing is. */
  doing: string
  /** Why the numbers could not be read or set as a whole, and the next step; empty when they could. */
  problem: string
  warnings: Warning[]
  test: SelfTestView | null
  /** For the WhatsApp sandbox, which has no API: the two addresses to paste. */
  sandbox: { when_a_message_comes_in: string; status_callback: string } | null
  /** A first text has come by a webhook since going live. */
  heard: boolean
}

export type PartId =
  | 'tunnel'
  | 'account'
  | 'numbers'
  | 'last_webhook'
  | 'outbox'
  | 'catch_up'
  /** Only where this computer's clock is wrong. */
  | 'clock'
  | 'disk'

/** What a line's button asks for: a request that needs nothing said with it, or a page. */
export type StatusRequest =
  | 'tunnel.retry'
  | 'live.numbers'
  /** Of the first number that is chosen. */
  | 'live.test'
  | 'catch_up.start'
  | 'catch_up.cancel'
  | 'backup.now'
  | 'go_live'
  | 'go_phone'
  | 'go_sessions'
  | 'go_data'
  | 'go_log'

/** One line of the Status page. */
export interface StatusPart {
  id: PartId
  state: 'well' | 'busy' | 'trouble' | 'off'
  title: string
  /** What is so and what is being done about it. */
  sentence: string
  /** The one thing a person can do; null when there is nothing. */
  action: { label: string; request: StatusRequest } | null
}

/** Reading Twilio's lists for what was missed. */
export interface CatchUpView {
  state: 'off' | 'idle' | 'reading' | 'failed'
  /** Everything up to then has been read. */
  read_to: Iso | null
  /** Under way: how many were looked at, and how many of them were new. */
  looked_at: number
  found: number
  sentence: string
  /** The quiet notice: what arrived while nobody listened; null once seen or when nothing did. */
  away: { messages: number; since: Iso } | null
}
