import type { SimCall } from './account.ts'
import type { SimContext } from './context.ts'
import { voice } from './parameters.ts'
import type { Params } from './post.ts'

/** Characters a person says in a second, about. */
export const SPEECH_RATE = 15

/** A line of a caller, as somebody who listens in would write it down. */
export interface SpokenInCall {
  call_sid: string
  from: string
  to: string
  text: string
  /** Its number among them, from 1. */
  nth: number
}

/** Told of each line; the caller goes on when it resolves. */
export type Spoken = (line: SpokenInCall) => Promise<void>

/** A call being followed. */
export interface CallInHand {
  context: SimContext
  call: SimCall
  lines: string[]
  voicemail: string | undefined
  spoken: Spoken | undefined
  documents: number
  /** Seconds of the call so far. */
  seconds: number
}

/** A verb moves the call to another document, ends it, or lets it go on with the next verb. */
export type Turn = { kind: 'on' } | { kind: 'end' } | { kind: 'go'; url: string; params: Params }

export function parameters({ account }: SimContext, call: SimCall): Params {
  return voice(account.sid, call)
}

export function say(hand: CallInHand, by: 'caller' | 'business', text: string): void {
  if (text === '') return
  hand.seconds += Math.ceil(text.length / SPEECH_RATE)
  hand.call.heard.push({ by, text })
  hand.context.emit({ kind: 'heard', call: hand.call })
}

export function note({ context, call }: CallInHand, code: number, url: string): void {
  context.account.alerts.push({ code, url, about: call.sid, at: context.clock.now() })
}

export function resolve(target: string, current: string): string {
  return target === '' ? current : new URL(target, current).href
}
