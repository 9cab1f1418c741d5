import { SwitchboardError } from '../../shared/errors.ts'
import { callerOf } from '../caller.ts'
import type { CarrierMessage } from '../carrier/carrier.ts'
import type { CallRecord, RecordingRecord, TranscriptRecord } from '../carrier/lists.ts'
import type { InboundMessage, Intake, Source } from '../intake/types.ts'
import type { Sender } from '../outbox/listed.ts'
import type { Log } from '../ports.ts'
import type { Store } from '../store/types.ts'
import { type Asking, Details } from './details.ts'
import { Cancelled, CarrierFailed } from './gather.ts'
import type { Ours } from './ours.ts'

/** Something the carrier lists, with its own time (ms). */
export type Found = { at: number } & (
  | { kind: 'message'; of: CarrierMessage }
  | { kind: 'call'; of: CallRecord }
  | { kind: 'recording'; of: RecordingRecord }
)

export interface TakeParts {
  store: Pick<Store, 'find' | 'mayHave' | 'isErased' | 'channels'>
  intake: Pick<
    Intake,
    'message' | 'sentElsewhere' | 'callBegan' | 'callProgress' | 'voicemail' | 'transcript' | 'status'
  >
  log: Log
  /** Whose a message is that was sent under one of our numbers and is not known by its SID. */
  senderOf: (listed: CarrierMessage) => Promise<Sender>
  /** A message of ours whose sending ended in doubt is the one listed. */
  settleDoubt: (id: string, listed: CarrierMessage) => Promise<{ sid: string } | undefined>
  optOutOf: (body: string) => InboundMessage['opt_out']
}

/** What one pass works with. */
export interface Round extends Asking {
  ours: Ours
  /** What happened before (ms) is history; what came since was missed. */
  since: number
  /** The webhook of what is younger (ms) is perhaps on its way. */
  horizon: number
}

/** What became of some of what was found. */
export interface Outcomes {
  /** New here. */
  fresh: number
  /** When contacts wrote or called what is new and was missed (ms). */
  heard: number[]
  /** Times (ms) of what could not be decided or taken: to be read again soon. */
  left: number[]
  /** Times (ms) of what the carrier would not tell all of: to be read again later. */
  refused: number[]
  looked: number
}

/** A transcript is asked for again while its recording is this young (ms); later, once in a process. */
const TRANSCRIPT_COMES_WITHIN = 3_600_000

/** What the carrier will not tell all of is read again for so long (ms), and holds the watermark no longer. */
const GIVEN_UP_AFTER = 7 * 86_400_000

/** Hands what the carrier lists to the intake, which knows what is new. Remembers what it has seen, so that it asks little. */
export class Taker {
  readonly #parts: TakeParts
  /** What was last seen of each, so that what has not changed is not looked up again. */
  #seen = new Map<string, string>()
  #next = new Map<string, string>()
  readonly #transcriptsAsked = new Set<string>()
  readonly #passedOver = new Set<string>()
  readonly #details: Details
  /** Taken before their webhooks had their time: whether they were missed is not known yet. */
  readonly #early = new Set<string>()

  constructor(parts: TakeParts) {
    this.#parts = parts
    this.#details = new Details(parts.log)
  }

  /** What was seen in the round that ended is remembered, what was seen before it no more. */
  roundEnded(): void {
    this.#seen = this.#next
    this.#next = new Map()
  }

  /** What can't be read is told once in a process. */
  passOver(sids: readonly string[]): void {
    for (const sid of sids) {
      if (this.#passedOver.has(sid)) continue
      this.#passedOver.add(sid)
      this.#parts.log.error(`${sid} of Twilio’s list cannot be read, so it is not taken`)
    }
  }

  /** Its webhook has come too: nobody missed it. */
  brought(sid: string): void {
    this.#early.delete(sid)
  }

  /** Whether somebody says in it that they want no more messages. */
  saysStop({ kind, of }: Found): boolean {
    return kind === 'message' && of.direction === 'inbound' && this.#parts.optOutOf(of.body) === 'STOP'
  }

  /** In the order given; resolves when all of it is durable. Throws CarrierFailed, Cancelled and what the disk says. */
  async take(found: readonly Found[], round: Round): Promise<Outcomes> {
    const outcomes: Outcomes = { fresh: 0, heard: [], left: [], refused: [], looked: found.length }
    const underWay: Promise<void>[] = []
    const calls = new Set<string>()
    try {
      for (const item of found) {
        const print = fingerprint(item)
        this.#next.set(item.of.sid, print)
        if (item.at <= round.horizon && this.#early.delete(item.of.sid)) outcomes.heard.push(item.at)
        if (this.#seen.get(item.of.sid) === print && item.kind !== 'recording') continue
        const taken = this.#guarded(item, outcomes, () => this.#one(item, round, outcomes, calls))
        // Plain texts share the disk's flushes; what asks the carrier, or whose message it is, goes one by one.
        if (item.kind === 'message' && item.of.direction === 'inbound' && item.of.media_count === 0)
          underWay.push(taken)
        else await taken
      }
    } finally {
      await Promise.allSettled(underWay)
    }
    await Promise.all(underWay)
    return outcomes
  }

  /** What is wrong with one must not keep the others out: it is left, and read again. */
  async #guarded(item: Found, outcomes: Outcomes, take: () => Promise<void>): Promise<void> {
    try {
      await take()
    } catch (error) {
      this.#next.delete(item.of.sid)
      this.#early.delete(item.of.sid)
      if (error instanceof SwitchboardError && error.code === 'erased') return
      const endsAll =
        error instanceof CarrierFailed ||
        error instanceof Cancelled ||
        (error instanceof SwitchboardError && (error.code === 'disk_full' || error.code === 'disk_failed'))
      if (endsAll) throw error
      this.#parts.log.error(`${item.of.sid} of Twilio’s list could not be taken`, error)
      outcomes.left.push(item.at)
    }
  }

  /** The files of a message; where they can't be had it is looked at again. */
  async #filesOf({ sid }: CarrierMessage, round: Round) {
    const files = await this.#details.files(sid, round)
    if (!files) this.#next.delete(sid)
    return files
  }

  async #one(item: Found, round: Round, outcomes: Outcomes, calls: Set<string>): Promise<void> {
    const source: Source = { kind: item.at < round.since ? 'history' : 'list', at: item.at }
    const isEarly = item.at > round.horizon
    // Before it is taken: its webhook may come at that very moment.
    if (isEarly) this.#early.add(item.of.sid)
    const note = (fresh: boolean, isHeard: boolean): void => {
      if (!fresh) {
        this.#early.delete(item.of.sid)
        return
      }
      outcomes.fresh += 1
      if (isHeard && source.kind === 'list' && !isEarly) outcomes.heard.push(item.at)
    }
    switch (item.kind) {
      case 'message':
        if (item.of.direction === 'inbound') note(await this.#inbound(item.of, source, round), true)
        else note(await this.#outbound(item, source, round, outcomes), false)
        return
      case 'call': {
        const fresh = await this.#call(item.of, source, round)
        if (fresh) calls.add(item.of.sid)
        note(fresh, true)
        return
      }
      case 'recording':
        note(await this.#recording(item.of, source, round, outcomes), !calls.has(item.of.call_sid))
    }
  }

  async #inbound(m: CarrierMessage, source: Source, round: Round): Promise<boolean> {
    if (!(await round.ours(m.to, m.medium))) return false
    const { store, intake, optOutOf } = this.#parts
    const optOut = optOutOf(m.body)
    const rest = {
      sid: m.sid,
      medium: m.medium,
      channel: m.to,
      contact: m.from,
      body: m.body,
      ...(optOut && { opt_out: optOut }),
      params: { NumMedia: String(m.media_count) },
    }
    const isNew = m.media_count > 0 && !store.mayHave(m.sid)
    const files = isNew ? await this.#filesOf(m, round) : []
    const { fresh, message } = await intake.message({ ...rest, media: files ?? [] }, source)
    // Known without them: they could not be had then, or were still on their way to Twilio.
    if (m.media_count > 0 && !isNew && message.media.length === 0) {
      const late = await this.#filesOf(m, round)
      if (late) await intake.message({ ...rest, media: late }, source)
    }
    return fresh
  }

  async #outbound(
    { at, of: m }: Found & { kind: 'message' },
    source: Source,
    round: Round,
    outcomes: Outcomes,
  ) {
    const { store, intake, senderOf, settleDoubt } = this.#parts
    const { sid, status, error_code } = m
    const word = { status, ...(error_code !== undefined && { error_code }) }
    const rest = { sid, medium: m.medium, channel: m.from, contact: m.to, body: m.body, params: {}, ...word }
    const known = store.mayHave(sid) ? await store.find(sid) : undefined
    if (known) {
      if (known.status !== status || known.error_code !== error_code) await intake.status({ sid, ...word })
      // What a template brings along is no file of ours.
      if (m.media_count > 0 && known.media.length === 0 && !known.template) {
        const late = await this.#filesOf(m, round)
        if (late) await intake.sentElsewhere({ ...rest, media: late }, source)
      }
      return false
    }
    if (store.isErased(sid) || status === 'canceled' || !(await round.ours(m.from, m.medium))) return false
    const sender = await senderOf(m)
    const leave = (): false => {
      this.#next.delete(sid)
      outcomes.left.push(at)
      return false
    }
    switch (sender.kind) {
      case 'undecided':
        return leave()
      case 'ours':
        if (sender.earlier || (await settleDoubt(sender.id, m))?.sid === sid) return false
        // Its doubt ended otherwise meanwhile: whose this is, is asked again.
        return leave()
      case 'elsewhere': {
        const files = m.media_count > 0 ? await this.#filesOf(m, round) : []
        return (await intake.sentElsewhere({ ...rest, media: files ?? [] }, source)).fresh
      }
    }
  }

  async #call(call: CallRecord, source: Source, round: Round): Promise<boolean> {
    if (call.direction !== 'inbound' || !(await round.ours(call.to, 'voice'))) return false
    const { intake } = this.#parts
    const { sid: call_sid, status: call_status, duration_s } = call
    const { fresh } = await intake.callBegan(
      { call_sid, channel: call.to, contact: callerOf(call.from, call_sid), call_status, params: {} },
      source,
    )
    await intake.callProgress({ call_sid, call_status, ...(duration_s !== undefined && { duration_s }) })
    return fresh
  }

  /** What a caller left after the beep; recordings of whole calls are somebody else's. */
  async #recording(
    recording: RecordingRecord,
    source: Source,
    round: Round,
    outcomes: Outcomes,
  ): Promise<boolean> {
    if (recording.source !== 'RecordVerb' || recording.status !== 'completed') return false
    const { store, intake } = this.#parts
    const { sid, call_sid, url, duration_s } = recording
    if (store.isErased(sid) || store.isErased(call_sid)) return false
    const stored = store.mayHave(sid) ? await store.find(sid) : undefined
    if (stored && (stored.transcript || this.#isAskedFor(recording, round))) {
      if (stored.media[0]?.url) return false
    }
    const parties = await this.#partiesOf(call_sid, round)
    if (parties === 'unknown' && round.now - recording.created_at < GIVEN_UP_AFTER)
      outcomes.refused.push(recording.created_at)
    if (typeof parties !== 'object') return false
    const of = { call_sid, recording_sid: sid, ...parties, params: {} }
    const { fresh } = await intake.voicemail(
      { ...of, url, ...(duration_s !== undefined && { duration_s }) },
      source,
    )
    if (stored?.transcript || this.#isAskedFor(recording, round)) return fresh
    const made = await this.#details.transcripts(sid, round)
    if (made) this.#transcriptsAsked.add(sid)
    const done = made?.find(({ status }) => status === 'completed') ?? made?.find(isOver)
    if (done)
      await intake.transcript(
        { ...of, transcription_sid: done.sid, status: done.status, text: done.text },
        source,
      )
    return fresh
  }

  #isAskedFor({ sid, created_at }: RecordingRecord, { now }: Round): boolean {
    return this.#transcriptsAsked.has(sid) && now - created_at > TRANSCRIPT_COMES_WITHIN
  }

  /** Both ends of the call a recording belongs to; the call is taken first where it is not known. */
  async #partiesOf(
    callSid: string,
    round: Round,
  ): Promise<{ channel: string; contact: string } | 'not ours' | 'unknown'> {
    const { store } = this.#parts
    const known = store.mayHave(callSid) ? await store.find(callSid) : undefined
    const channel = known && store.channels().find(({ _id }) => _id === known.channel_id)
    if (known && channel) return { channel: channel.number, contact: known.contact }
    const call = await this.#details.call(callSid, round)
    if (!call) return 'unknown'
    if (call === 'gone') return 'not ours'
    const at = call.started_at
    await this.#call(call, { kind: at < round.since ? 'history' : 'list', at }, round)
    const isTaken = call.direction === 'inbound' && (await round.ours(call.to, 'voice'))
    return isTaken ? { channel: call.to, contact: callerOf(call.from, callSid) } : 'not ours'
  }
}

const isOver = ({ status }: TranscriptRecord): boolean => status !== 'in-progress'

function fingerprint({ kind, of }: Found): string {
  switch (kind) {
    case 'message':
      return `${of.status} ${of.error_code ?? ''} ${of.media_count}`
    case 'call':
      return `${of.status} ${of.duration_s ?? ''}`
    case 'recording':
      return of.status
  }
}
