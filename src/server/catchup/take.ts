import type { Medium } from '../../shared/documents.ts'
import { SwitchboardError } from '../../shared/errors.ts'
import { callerOf } from '../caller.ts'
import type { CarrierMessage } from '../carrier/carrier.ts'
import type { CallRecord, RecordingRecord, TranscriptRecord } from '../carrier/lists.ts'
import type { InboundMessage, Intake, Source } from '../intake/types.ts'
import type { Sender } from '../outbox/listed.ts'
import type { Log } from '../ports.ts'
import type { Store } from '../store/types.ts'
import type { Details } from './details.ts'
import { fingerprint, type Found, type Outcomes, type Round } from './found.ts'
import { Cancelled, CarrierFailed } from './gather.ts'
import { sourceOf, timed } from './sources.ts'

export interface TakeParts {
  store: Pick<Store, 'find' | 'mayHave' | 'isErased' | 'channels' | 'key'>
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

/** A transcript is asked for again while its recording is this young (ms); later, once in a process. */
const TRANSCRIPT_COMES_WITHIN = 3_600_000

/** What the carrier will not tell all of is read again for so long (ms), and holds the watermark no longer. */
export const GIVEN_UP_AFTER = 7 * 86_400_000

/** Before the fingerprint of what another answered. */
const OTHERS = 'others: '

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

  constructor(parts: TakeParts, details: Details) {
    this.#parts = parts
    this.#details = details
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
        const seen = this.#seen.get(item.of.sid)
        // Asked for by hand it is looked at again whose it is.
        const isOthers = seen === OTHERS + print && round.askedAt === undefined
        this.#next.set(item.of.sid, isOthers ? seen : print)
        if (item.at <= round.horizon && this.#early.delete(item.of.sid)) outcomes.heard.push(item.at)
        if ((seen === print || isOthers) && item.kind !== 'recording') continue
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

  /** How it is taken, what came to or from a number of the account; undefined: not here, or not yet. */
  async #sourceOf(
    { at, sid }: { at: number; sid: string },
    [number, medium]: [string, Medium],
    round: Round,
    outcomes: Outcomes,
  ): Promise<Source | undefined> {
    const source = await sourceOf(at, number, medium, round)
    if (typeof source === 'object') return source
    const print = this.#next.get(sid)
    if (source === 'unknown') {
      this.#next.delete(sid)
      if (isHeldFor(at, round)) outcomes.refused.push(at)
    } else if (print !== undefined && !print.startsWith(OTHERS)) this.#next.set(sid, OTHERS + print)
    return undefined
  }

  /** Whoever says STOP in a conversation that is here is not written to from here, whatever was chosen since. */
  #endsConversation(item: Found): boolean {
    if (item.kind !== 'message' || !this.saysStop(item)) return false
    const { from: contact, to, medium } = item.of
    const channel = this.#parts.store.channels().find(({ number }) => number === to)
    if (!channel) return false
    const key = { channel_id: channel._id, communication_type: medium, contact }
    return this.#parts.store.key(key).line.size > 0
  }

  async #one(item: Found, round: Round, outcomes: Outcomes, calls: Set<string>): Promise<void> {
    const isEarly = item.at > round.horizon
    // Before it is taken: its webhook may come at that very moment.
    if (isEarly) this.#early.add(item.of.sid)
    const note = (source: Source | undefined, isHeard = true): void => {
      if (!source) {
        this.#early.delete(item.of.sid)
        return
      }
      outcomes.fresh += 1
      if (isHeard && source.kind === 'list' && !isEarly) outcomes.heard.push(item.at)
    }
    switch (item.kind) {
      case 'message':
        if (item.of.direction === 'inbound') note(await this.#inbound(item, round, outcomes))
        else note(await this.#outbound(item, round, outcomes), false)
        return
      case 'call': {
        const source = await this.#call(item.of, round, outcomes)
        if (source?.fresh) calls.add(item.of.sid)
        note(source?.fresh ? source : undefined)
        return
      }
      case 'recording':
        note(await this.#recording(item.of, round, outcomes), !calls.has(item.of.call_sid))
    }
  }

  /** These resolve with how it was taken where it is new, undefined where it is not, or is not taken. */
  async #inbound(
    item: Found & { kind: 'message' },
    round: Round,
    outcomes: Outcomes,
  ): Promise<Source | undefined> {
    const m = item.of
    const to: [string, Medium] = [m.to, m.medium]
    const source =
      (await this.#sourceOf({ at: item.at, sid: m.sid }, to, round, outcomes)) ??
      (this.#endsConversation(item) ? timed(item.at, ...to, round) : undefined)
    if (!source) return undefined
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
    return fresh ? source : undefined
  }

  async #outbound(
    { at, of: m }: Found & { kind: 'message' },
    round: Round,
    outcomes: Outcomes,
  ): Promise<Source | undefined> {
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
        if (late) await intake.sentElsewhere({ ...rest, media: late }, { kind: 'history', at })
      }
      return undefined
    }
    if (store.isErased(sid) || status === 'canceled') return undefined
    const sender = await senderOf(m)
    const leave = (): undefined => {
      this.#next.delete(sid)
      outcomes.left.push(at)
    }
    switch (sender.kind) {
      case 'undecided':
        return leave()
      case 'ours':
        if (sender.earlier || (await settleDoubt(sender.id, m))?.sid === sid) return undefined
        // Its doubt ended otherwise meanwhile: whose this is, is asked again.
        return leave()
      case 'elsewhere': {
        const source = await this.#sourceOf({ at, sid }, [m.from, m.medium], round, outcomes)
        if (!source) return undefined
        const files = m.media_count > 0 ? await this.#filesOf(m, round) : []
        const { fresh } = await intake.sentElsewhere({ ...rest, media: files ?? [] }, source)
        return fresh ? source : undefined
      }
    }
  }

  /** Undefined where the call is not taken. */
  async #call(
    call: CallRecord,
    round: Round,
    outcomes: Outcomes,
  ): Promise<(Source & { fresh: boolean }) | undefined> {
    if (call.direction !== 'inbound') return undefined
    const of = { at: call.started_at, sid: call.sid }
    const source = await this.#sourceOf(of, [call.to, 'voice'], round, outcomes)
    if (!source) return undefined
    const { intake } = this.#parts
    const { sid: call_sid, status: call_status, duration_s } = call
    const { fresh } = await intake.callBegan(
      { call_sid, channel: call.to, contact: callerOf(call.from, call_sid), call_status, params: {} },
      source,
    )
    await intake.callProgress({ call_sid, call_status, ...(duration_s !== undefined && { duration_s }) })
    return { ...source, fresh }
  }

  /** What a caller left after the beep; recordings of whole calls are somebody else's. */
  async #recording(
    recording: RecordingRecord,
    round: Round,
    outcomes: Outcomes,
  ): Promise<Source | undefined> {
    if (recording.source !== 'RecordVerb' || recording.status !== 'completed') return undefined
    const { store, intake } = this.#parts
    const { sid, call_sid, url, duration_s } = recording
    if (store.isErased(sid) || store.isErased(call_sid)) return undefined
    const stored = store.mayHave(sid) ? await store.find(sid) : undefined
    if (stored && (stored.transcript || this.#isAskedFor(recording, round))) {
      if (stored.media[0]?.url) return undefined
    }
    const parties = await this.#partiesOf(call_sid, round, outcomes)
    if (parties === 'unknown' && isHeldFor(recording.created_at, round))
      outcomes.refused.push(recording.created_at)
    if (typeof parties !== 'object') return undefined
    const source = timed(recording.created_at, parties.channel, 'voice', round)
    const of = { call_sid, recording_sid: sid, ...parties, params: {} }
    const { fresh } = await intake.voicemail(
      { ...of, url, ...(duration_s !== undefined && { duration_s }) },
      source,
    )
    const taken = fresh ? source : undefined
    if (stored?.transcript || this.#isAskedFor(recording, round)) return taken
    const made = await this.#details.transcripts(sid, round)
    if (made) this.#transcriptsAsked.add(sid)
    const done = made?.find(({ status }) => status === 'completed') ?? made?.find(isOver)
    if (done)
      await intake.transcript(
        { ...of, transcription_sid: done.sid, status: done.status, text: done.text },
        source,
      )
    return taken
  }

  #isAskedFor({ sid, created_at }: RecordingRecord, { now }: Round): boolean {
    return this.#transcriptsAsked.has(sid) && now - created_at > TRANSCRIPT_COMES_WITHIN
  }

  /** Both ends of the call a recording belongs to; the call is taken first where it is not known. */
  async #partiesOf(
    callSid: string,
    round: Round,
    outcomes: Outcomes,
  ): Promise<{ channel: string; contact: string } | 'not ours' | 'unknown'> {
    const { store } = this.#parts
    const known = store.mayHave(callSid) ? await store.find(callSid) : undefined
    const channel = known && store.channels().find(({ _id }) => _id === known.channel_id)
    if (known && channel) return { channel: channel.number, contact: known.contact }
    // Listed itself it was looked at before its recordings.
    if (this.#next.get(callSid)?.startsWith(OTHERS)) return 'not ours'
    const call = await this.#details.call(callSid, round)
    if (!call) return 'unknown'
    if (call === 'gone') return 'not ours'
    const taken = await this.#call(call, round, outcomes)
    return taken ? { channel: call.to, contact: callerOf(call.from, callSid) } : 'not ours'
  }
}

/** Whether what came at `at` is worth reading again. What a person asked for is, however old, until a week behind that. */
function isHeldFor(at: number, { now, askedAt }: Round): boolean {
  return now - Math.max(at, askedAt ?? at) < GIVEN_UP_AFTER
}

const isOver = ({ status }: TranscriptRecord): boolean => status !== 'in-progress'
