import type { MediaItem } from '../../shared/documents.ts'
import { SwitchboardError } from '../../shared/errors.ts'
import { callerOf } from '../caller.ts'
import type { CarrierMessage } from '../carrier/carrier.ts'
import type { CallRecord, CarrierLists, RecordingRecord, TranscriptRecord } from '../carrier/lists.ts'
import type { InboundMessage, Intake, Source } from '../intake/types.ts'
import type { Sender } from '../outbox/listed.ts'
import type { Log } from '../ports.ts'
import type { Store } from '../store/types.ts'
import { Cancelled, CarrierFailed, patiently, type Patience } from './gather.ts'
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
export interface Round {
  lists: CarrierLists
  patience: Patience
  ours: Ours
  /** What happened before (ms) is history; what came since was missed. */
  since: number
  /** The carrier's clock (ms) when the pass began. */
  now: number
  /** The webhook of what is younger (ms) is perhaps on its way. */
  horizon: number
}

/** What became of some of what was found. */
export interface Outcomes {
  /** New here. */
  fresh: number
  /** When contacts wrote or called what is new and was missed (ms). */
  heard: number[]
  /** Times (ms) of what could not be decided or taken: to be read again. */
  left: number[]
  looked: number
}

/** A transcript is asked for again while its recording is this young (ms); later, once in a process. */
const TRANSCRIPT_COMES_WITHIN = 3_600_000

/** Hands what the carrier lists to the intake, which knows what is new. Remembers what it has seen, so that it asks little. */
export class Taker {
  readonly #parts: TakeParts
  /** What was last seen of each, so that what has not changed is not looked up again. */
  #seen = new Map<string, string>()
  #next = new Map<string, string>()
  readonly #transcriptsAsked = new Set<string>()
  readonly #passedOver = new Set<string>()
  /** Taken before their webhooks had their time: whether they were missed is not known yet. */
  readonly #early = new Set<string>()

  constructor(parts: TakeParts) {
    this.#parts = parts
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
    const outcomes: Outcomes = { fresh: 0, heard: [], left: [], looked: found.length }
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
      const isOfAll =
        error instanceof CarrierFailed ||
        error instanceof Cancelled ||
        (error instanceof SwitchboardError && (error.code === 'disk_full' || error.code === 'disk_failed'))
      if (isOfAll) throw error
      this.#parts.log.error(`${item.of.sid} of Twilio’s list could not be taken`, error)
      outcomes.left.push(item.at)
    }
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
        note(await this.#recording(item.of, source, round), !calls.has(item.of.call_sid))
    }
  }

  async #inbound(m: CarrierMessage, source: Source, round: Round): Promise<boolean> {
    if (!(await round.ours(m.to, m.medium))) return false
    const { store, intake, optOutOf } = this.#parts
    let media: MediaItem[] = []
    if (m.media_count > 0 && !store.mayHave(m.sid))
      media = await orNone(() => patiently(() => round.lists.mediaOf(m.sid), round.patience))
    const optOut = optOutOf(m.body)
    const { fresh } = await intake.message(
      {
        sid: m.sid,
        medium: m.medium,
        channel: m.to,
        contact: m.from,
        body: m.body,
        media,
        ...(optOut && { opt_out: optOut }),
        params: { NumMedia: String(m.media_count) },
      },
      source,
    )
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
    const known = store.mayHave(sid) ? await store.find(sid) : undefined
    if (known) {
      if (known.status !== status || known.error_code !== error_code) await intake.status({ sid, ...word })
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
        const media =
          m.media_count > 0
            ? await orNone(() => patiently(() => round.lists.mediaOf(sid), round.patience))
            : []
        const rest = { medium: m.medium, channel: m.from, contact: m.to, body: m.body, media, params: {} }
        return (await intake.sentElsewhere({ sid, ...rest, ...word }, source)).fresh
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
  async #recording(recording: RecordingRecord, source: Source, round: Round): Promise<boolean> {
    if (recording.source !== 'RecordVerb' || recording.status !== 'completed') return false
    const { store, intake } = this.#parts
    const { sid, call_sid, url, duration_s } = recording
    if (store.isErased(sid) || store.isErased(call_sid)) return false
    const stored = store.mayHave(sid) ? await store.find(sid) : undefined
    if (stored && (stored.transcript || this.#isAskedFor(recording, round))) {
      if (stored.media[0]?.url) return false
    }
    const parties = await this.#partiesOf(call_sid, round)
    if (!parties) return false
    const of = { call_sid, recording_sid: sid, ...parties, params: {} }
    const { fresh } = await intake.voicemail(
      { ...of, url, ...(duration_s !== undefined && { duration_s }) },
      source,
    )
    if (!stored?.transcript && !this.#isAskedFor(recording, round)) {
      this.#transcriptsAsked.add(sid)
      const made = await orNone(() => patiently(() => round.lists.transcripts(sid), round.patience))
      const done = made.find(({ status }) => status === 'completed') ?? made.find(isOver)
      if (done)
        await intake.transcript(
          { ...of, transcription_sid: done.sid, status: done.status, text: done.text },
          source,
        )
    }
    return fresh
  }

  #isAskedFor({ sid, created_at }: RecordingRecord, { now }: Round): boolean {
    return this.#transcriptsAsked.has(sid) && now - created_at > TRANSCRIPT_COMES_WITHIN
  }

  /** Both ends of the call a recording belongs to; the call is taken first where it is not known. Undefined: not ours. */
  async #partiesOf(callSid: string, round: Round): Promise<{ channel: string; contact: string } | undefined> {
    const { store } = this.#parts
    const known = store.mayHave(callSid) ? await store.find(callSid) : undefined
    const channel = known && store.channels().find(({ _id }) => _id === known.channel_id)
    if (known && channel) return { channel: channel.number, contact: known.contact }
    const [call] = await orNone(async () => [
      await patiently(() => round.lists.call(callSid), round.patience),
    ])
    if (!call) return undefined
    const at = call.started_at
    await this.#call(call, { kind: at < round.since ? 'history' : 'list', at }, round)
    const isTaken = call.direction === 'inbound' && (await round.ours(call.to, 'voice'))
    return isTaken ? { channel: call.to, contact: callerOf(call.from, callSid) } : undefined
  }
}

/** What the carrier has deleted since it listed it is not there any more, and that is no failure. */
async function orNone<T>(ask: () => Promise<T[]>): Promise<T[]> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof CarrierFailed && error.error.kind === 'refused' && error.error.status === 404)
      return []
    throw error
  }
}

const isOver = ({ status }: TranscriptRecord): boolean => status !== 'in-progress'

function fingerprint({ kind, of }: Found): string {
  switch (kind) {
    case 'message':
      return `${of.status} ${of.error_code ?? ''}`
    case 'call':
      return `${of.status} ${of.duration_s ?? ''}`
    case 'recording':
      return of.status
  }
}
