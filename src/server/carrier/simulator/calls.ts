import { newSid, numberOf, type SimCall } from './account.ts'
import type { SimContext } from './context.ts'
import { note, parameters, resolve, say, type CallInHand, type Spoken, type Turn } from './hand.ts'
import type { Params } from './post.ts'
import { readTwiml, type Verb } from './twiml.ts'
import { record } from './voicemail.ts'

export interface PhoneCall {
  from: string
  to?: string
  /** What the caller says, one line for each time they are asked. */
  lines?: string[]
  /** What they say after the beep; lines not asked for are said there when this is missing. */
  voicemail?: string
  /**
   * Told, one after another, of the lines that the business did not ask for: they are said before the beep. Where nobody
   * is told, they are part of what is said after it.
   */
  spoken?: Spoken
}

/** Documents a call may ask for before it counts as a loop (`<Record>` without an action asks for its own again). */
const MOST_DOCUMENTS = 30
/** A phone calls the business: the number's voice address is asked, and its answer followed to the end. */
export async function callIn(context: SimContext, wanted: PhoneCall): Promise<SimCall> {
  const { account } = context
  const to = wanted.to ?? [...account.numbers.values()][0]?.phone_number ?? ''
  const number = numberOf(account, to)
  const call = startCall(context, { from: wanted.from, to, direction: 'inbound' })
  const hand: CallInHand = {
    context,
    call,
    lines: [...(wanted.lines ?? [])],
    voicemail: wanted.voicemail,
    spoken: wanted.spoken,
    documents: 0,
    seconds: 0,
  }
  call.status = 'ringing'
  if (number?.voice_url)
    await follow(
      hand,
      { url: number.voice_url, method: number.voice_method },
      { url: number.voice_fallback_url, method: number.voice_fallback_method },
    )
  else call.status = 'failed'
  await endCall(hand, number?.status_callback ?? '', number?.status_callback_method)
  return call
}

export function startCall(
  { account, clock }: SimContext,
  { from, to, direction }: Pick<SimCall, 'from' | 'to' | 'direction'>,
): SimCall {
  const now = clock.now()
  const sid = newSid('CA')
  const call: SimCall = {
    sid,
    direction,
    from,
    to,
    status: 'queued',
    created: now,
    started: now,
    ended: null,
    heard: [],
  }
  account.calls.set(sid, call)
  return call
}

/** The business calls a phone (Calls.create): it is picked up, hears what the address says, and hangs up. */
export async function callOut(
  context: SimContext,
  call: SimCall,
  url: string,
  statusCallback: string,
): Promise<void> {
  const hand: CallInHand = {
    context,
    call,
    lines: [],
    voicemail: undefined,
    spoken: undefined,
    documents: 0,
    seconds: 0,
  }
  call.status = 'in-progress'
  await follow(hand, { url })
  await endCall(hand, statusCallback)
}

async function endCall(
  { context, call, seconds }: CallInHand,
  statusCallback: string,
  method?: string,
): Promise<void> {
  if (call.status === 'ringing' || call.status === 'in-progress') call.status = 'completed'
  call.ended = context.clock.now() + seconds * 1000
  if (statusCallback === '') return
  const params = { ...parameters(context, call), CallDuration: String(seconds), SequenceNumber: '0' }
  await context.post(statusCallback, params, method)
}

/** A document to be asked for, by POST unless it is said otherwise. */
interface Step {
  url: string
  method?: string
  params?: Params
}

/** `fallback` is asked once, when an address gives nothing that can be followed. */
async function follow(hand: CallInHand, first: Step, fallback: Step = { url: '' }): Promise<void> {
  const { context, call } = hand
  let next: Step | undefined = first
  while (next) {
    const { url, method, params }: Step = next
    hand.documents += 1
    if (hand.documents > MOST_DOCUMENTS) return note(hand, 64_001, url)
    const answer = await context.post(url, { ...parameters(context, call), ...params }, method)
    if (!answer.ok && fallback.url !== '') {
      next = { ...fallback, params: { ErrorCode: '11200', ErrorUrl: url } }
      fallback = { url: '' }
      continue
    }
    if (!answer.ok) {
      if (hand.documents === 1) call.status = 'failed'
      return
    }
    const verbs = readTwiml(answer.body)
    if (!verbs) return note(hand, 12_100, url)
    if (call.status === 'ringing') call.status = 'in-progress'
    next = undefined
    for (const verb of verbs) {
      const turn = await obey(hand, verb, url)
      if (turn.kind === 'end') return
      if (turn.kind === 'go') {
        next = turn
        break
      }
    }
  }
}

async function obey(hand: CallInHand, verb: Verb, url: string): Promise<Turn> {
  const go = (params: Params): Turn => ({
    kind: 'go',
    url: resolve(verb.attributes['action'] ?? '', url),
    params,
  })
  switch (verb.name) {
    case 'Say':
      say(hand, 'business', verb.text)
      return { kind: 'on' }
    case 'Pause':
      hand.seconds += Number(verb.attributes['length'] ?? 1)
      return { kind: 'on' }
    case 'Play':
      say(hand, 'business', '♪')
      return { kind: 'on' }
    case 'Gather':
      return gather(hand, verb, go)
    case 'Record':
      return record(hand, verb, url, go)
    case 'Redirect':
      return { kind: 'go', url: resolve(verb.text, url), params: {} }
    case 'Reject':
      hand.call.status = verb.attributes['reason'] === 'busy' ? 'busy' : 'no-answer'
      return { kind: 'end' }
    case 'Dial':
      // Nobody sits at the other end of a simulation.
      return verb.attributes['action'] === undefined ? { kind: 'on' } : go({ DialCallStatus: 'no-answer' })
    case 'Hangup':
      return { kind: 'end' }
    default:
      note(hand, 12_200, url)
      return { kind: 'on' }
  }
}

function gather(hand: CallInHand, verb: Verb, go: (params: Params) => Turn): Turn {
  for (const { name, text } of verb.children) if (name === 'Say') say(hand, 'business', text)
  const line = hand.lines.shift()
  if (line === undefined) return verb.attributes['actionOnEmptyResult'] === 'true' ? go({}) : { kind: 'on' }
  say(hand, 'caller', line)
  // Digits where digits are taken, else speech (reference twilio.md §2).
  const isSpeech = (verb.attributes['input'] ?? 'dtmf').includes('speech')
  if (/^[\d*#]+$/.test(line) && verb.attributes['input'] !== 'speech')
    return go({ Digits: line, FinishedOnKey: '' })
  return isSpeech ? go({ SpeechResult: line, Confidence: '0.91', Language: 'en-US' }) : { kind: 'on' }
}
