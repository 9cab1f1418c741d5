import type { Act, Channel, Medium, Message } from '../../shared/documents.ts'
import { SwitchboardError } from '../../shared/errors.ts'
import { laneOf } from '../key.ts'
import type { Ids, Log } from '../ports.ts'
import { replyAct } from '../sessions/index.ts'
import type { Commit, Key, Store } from '../store/types.ts'
import type { ArrivalClock } from './arrival.ts'
import type { Conversations, Placed, PlaceOptions, Unplaced } from './conversations.ts'
import { editedSession } from './edited-session.ts'
import type { Lanes } from './lanes.ts'
import { logPlaced, logReceived } from './received-log.ts'
import { iso } from './session-document.ts'
import type {
  CallBegan,
  CallProgress,
  InboundMessage,
  Intake,
  Outgoing,
  Params,
  SentElsewhere,
  Source,
  SpokenLine,
  StatusUpdate,
  Taken,
  TranscriptMade,
  VoicemailLeft,
} from './types.ts'
import { callWords, voicemailWords } from './voice-words.ts'

export interface IntakeOptions {
  store: Store
  conversations: Conversations
  lanes: Lanes
  arrival: ArrivalClock
  ids: Ids
  log: Log
  /** What a message is after a status was reported of it; undefined when it stays as it is. A status only moves forward. */
  laterStatus: (message: Message, update: StatusUpdate) => Message | undefined
}

/** A reply written within a second of what it answers needs no span: no gap is shorter. */
const SPAN_NEEDED_MS = 1_000

/**
 * Makes the one way in: claim the SID, enter the lane of the key, let the rule place it, commit, answer when durable.
 * See docs/architecture.md, "The way of a message".
 */
export function createIntake({
  store,
  conversations,
  lanes,
  arrival,
  ids,
  log,
  laterStatus,
}: IntakeOptions): Intake {
  /** SIDs under way: an overlapping delivery of the same gets the same answer. */
  const claimed = new Map<string, Promise<Taken>>()

  /** Takes what has this SID once, however often and by whatever way it comes. */
  function claim(sid: string, take: () => Promise<Taken>): Promise<Taken> {
    const underWay = claimed.get(sid)
    if (underWay) return underWay.then(({ message, session }) => ({ message, session, fresh: false }))
    const taking = store.mayHave(sid)
      ? store.find(sid).then((known) => (known ? takenBefore(known) : take()))
      : take()
    claimed.set(sid, taking)
    const release = (): void => {
      claimed.delete(sid)
    }
    taking.then(release, release)
    return taking
  }

  /** The channel with this number; a valid signature proves a new number is ours, so it gets one. */
  function channelOf(number: string): { channel: Channel; made: boolean } {
    const known = store.channels().find((c) => c.number === number)
    if (known) return { channel: known, made: false }
    const now = iso(arrival.now())
    return { channel: { _id: ids.next(), number, name: number, createdAt: now, updatedAt: now }, made: true }
  }

  interface Draft {
    medium: Medium
    channel: string
    contact: string
    source: Source
    /** Everything but what placing decides. */
    fields: Omit<
      Unplaced,
      '_id' | 'channel_id' | 'communication_type' | 'contact' | 'createdAt' | 'media'
    > & { media?: Message['media'] }
    callBegan?: number
    /** Written to the log when it was taken. */
    received: boolean
  }

  async function take(draft: Draft): Promise<Taken> {
    const { channel, made } = channelOf(draft.channel)
    const key: Key = { channel_id: channel._id, communication_type: draft.medium, contact: draft.contact }
    if (made) {
      // In memory at once, so that a first message by another lane finds it; durable before this message, which follows it.
      store.commit({ why: 'channel', channels: [channel] }).catch(() => undefined)
    }
    const placed = await lanes.run(laneOf(key), async () => {
      const at = draft.source.kind === 'webhook' ? arrival.now() : draft.source.at
      const unplaced: Unplaced = {
        _id: ids.next(),
        ...draft.fields,
        media: draft.fields.media ?? [],
        ...key,
        createdAt: iso(at),
      }
      const options: PlaceOptions = {
        history: draft.source.kind === 'history',
        ...(draft.callBegan !== undefined && { callBegan: draft.callBegan }),
      }
      const done = conversations.place(key, channel, unplaced, options)
      return commitPlaced(done instanceof Promise ? await done : done)
    })
    const { message, session } = await placed.durable
    if (draft.received) {
      logReceived(log, draft.medium, draft.contact, channel.number, message.content)
      logPlaced(log, draft.medium, draft.contact, placed.placed)
    }
    return { message, session, fresh: true }
  }

  /** Memory holds the change when this returns; what is durable comes with the promise, so that the lane goes on meanwhile. */
  function commitPlaced(
    placed: Placed,
    more: Partial<Commit> = {},
  ): { placed: Placed; durable: Promise<{ message: Message; session: string }> } {
    const durable = store
      .commit({ ...placed.commit, ...more })
      .then(() => ({ message: placed.message, session: placed.session._id }))
    durable.catch(() => undefined)
    return { placed, durable }
  }

  /** Changes a message that is there already, in its key's lane. The change returns undefined when nothing is to be done. */
  async function edit(
    sid: string,
    why: string,
    change: (message: Message) => Message | undefined,
  ): Promise<Message | undefined> {
    const found = await store.find(sid)
    if (!found) return undefined
    const { edited, durable } = await lanes.run(laneOf(found), async () => {
      const current = (await store.find(sid)) ?? found
      const next = change(current)
      if (!next) return { edited: current, durable: Promise.resolve(0) }
      const session = store.session(next.session_id)
      const changed = session && editedSession(session, current, next, arrival.now())
      return {
        edited: next,
        durable: store.commit({ why, messages: [next], ...(changed && { sessions: [changed] }) }),
      }
    })
    await durable
    return edited
  }

  async function callStart(
    callSid: string,
    channel: string,
    contact: string,
    params: Params,
    source: Source,
  ): Promise<Message> {
    const known = store.mayHave(callSid) ? await store.find(callSid) : undefined
    if (known) return known
    if (channel === '' || contact === '')
      throw new SwitchboardError('params_missing', { names: 'From or To of a call that is not known here' })
    return (
      await intake.callBegan({ call_sid: callSid, channel, contact, call_status: 'unknown', params }, source)
    ).message
  }

  /** Something said in a call: placed where the call is. */
  async function duringCall(call: Message, source: Source, fields: Draft['fields']): Promise<Taken> {
    const channel = store.channels().find((c) => c._id === call.channel_id)
    if (!channel) throw new Error(`the channel of call ${call.sid} is gone`)
    return take({
      medium: 'voice',
      channel: channel.number,
      contact: call.contact,
      source,
      fields,
      callBegan: Date.parse(call.createdAt),
      received: true,
    })
  }

  const intake: Intake = {
    message(m: InboundMessage, source) {
      return claim(m.sid, () =>
        take({
          medium: m.medium,
          channel: m.channel,
          contact: m.contact,
          source,
          received: true,
          fields: {
            content: m.body,
            sender: 'contact',
            sid: m.sid,
            status: 'received',
            media: m.media,
            ...(m.profile_name !== undefined && { profile_name: m.profile_name }),
            ...(m.opt_out !== undefined && { opt_out: m.opt_out }),
            params: m.params,
          },
        }),
      )
    },

    sentElsewhere(m: SentElsewhere, source) {
      return claim(m.sid, () =>
        take({
          medium: m.medium,
          channel: m.channel,
          contact: m.contact,
          source,
          received: false,
          fields: {
            content: m.body,
            sender: m.sender ?? 'operator',
            sid: m.sid,
            status: m.status,
            media: m.media,
            ...(m.error_code !== undefined && { error_code: m.error_code }),
            params: m.params,
          },
        }),
      )
    },

    callBegan(c: CallBegan, source) {
      return claim(c.call_sid, () =>
        take({
          medium: 'voice',
          channel: c.channel,
          contact: c.contact,
          source,
          received: true,
          fields: {
            content: callWords(c.call_status),
            sender: 'contact',
            sid: c.call_sid,
            status: 'received',
            call_sid: c.call_sid,
            call: { status: c.call_status },
            params: c.params,
          },
        }),
      )
    },

    async callProgress({ call_sid, call_status, duration_s }: CallProgress) {
      await edit(call_sid, 'call', (message) => {
        const call = { ...message.call, status: call_status, ...(duration_s !== undefined && { duration_s }) }
        if (message.call?.status === call.status && message.call.duration_s === call.duration_s)
          return undefined
        return { ...message, call, content: callWords(call.status, call.duration_s) }
      })
    },

    async voicemail(v: VoicemailLeft, source) {
      const media = [
        {
          url: v.url,
          content_type: 'audio/x-wav',
          recording_sid: v.recording_sid,
          ...(v.duration_s !== undefined && { duration_s: v.duration_s }),
        },
      ]
      const call = await callStart(v.call_sid, v.channel, v.contact, v.params, source)
      const taken = await claim(v.recording_sid, () =>
        duringCall(call, source, {
          content: voicemailWords(v.duration_s),
          sender: 'contact',
          sid: v.recording_sid,
          status: 'received',
          media,
          call_sid: v.call_sid,
          params: v.params,
        }),
      )
      if (taken.fresh) return taken
      // The recording's two callbacks, and a transcript that was faster, each know something the others don't.
      const message = await edit(v.recording_sid, 'recording', (known) => {
        const [own] = known.media
        if (own && own.url !== '' && (own.duration_s !== undefined || v.duration_s === undefined))
          return undefined
        return { ...known, media, content: voicemailWords(v.duration_s, known.transcript?.text) }
      })
      return { ...taken, message: message ?? taken.message }
    },

    async transcript(t: TranscriptMade, source) {
      const taken = await intake.voicemail({ ...t, url: '' }, source)
      const message = await edit(t.recording_sid, 'transcript', (known) => {
        if (known.transcript?.text === t.text && known.transcript.status === t.status) return undefined
        const transcript = {
          status: t.status,
          text: t.text,
          ...(t.transcription_sid !== undefined && { sid: t.transcription_sid }),
        }
        return { ...known, transcript, content: voicemailWords(known.media[0]?.duration_s, t.text) }
      })
      return { ...taken, message: message ?? taken.message }
    },

    async spoken(s: SpokenLine, source) {
      const call = await callStart(s.call_sid, s.channel, s.contact, s.params, source)
      const sid = `${s.call_sid}:${s.event}`
      return claim(sid, () =>
        duringCall(call, source, {
          content: s.text,
          sender: 'contact',
          sid,
          status: 'received',
          call_sid: s.call_sid,
          params: s.params,
        }),
      )
    },

    outgoing(o: Outgoing) {
      const sid = o.draft ?? ids.next()
      return claim(sid, () => send(o, sid))
    },

    async status(update: StatusUpdate) {
      const change = (message: Message): Message | undefined => laterStatus(message, update)
      const edited = await edit(update.sid, 'status', change)
      if (!edited && update.id !== undefined) await edit(update.id, 'status', change)
    },
  }

  async function send(o: Outgoing, sid: string): Promise<Taken> {
    const channel = store.channels().find((c) => c._id === o.channel_id)
    if (!channel) throw new SwitchboardError('no_such_channel', { number: o.channel_id })
    const key: Key = { channel_id: o.channel_id, communication_type: o.medium, contact: o.contact }
    const answered = o.answers === undefined ? undefined : await store.find(o.answers)
    const { placed, durable } = await lanes.run(laneOf(key), async () => {
      const question = answered && {
        at: Date.parse(answered.createdAt),
        sid: answered.call_sid ?? answered.sid,
      }
      const at = arrival.after(latestIn(key, question?.at ?? 0))
      const act =
        question && at - question.at > SPAN_NEEDED_MS ? spanTo(key, question, { at, sid }) : undefined
      const unplaced: Unplaced = {
        _id: ids.next(),
        content: o.body,
        sender: o.sender,
        createdAt: iso(at),
        sid,
        ...key,
        status: 'queued',
        media: [],
        ...(o.answered_by !== undefined && { answered_by: o.answered_by }),
        ...(o.answers !== undefined && { in_reply_to: o.answers }),
      }
      const done = conversations.place(key, channel, unplaced, act ? { act } : {})
      const ready = done instanceof Promise ? await done : done
      return commitPlaced(ready, {
        why: 'send',
        outbox: [{ _id: ready.message._id, state: 'queued', attempts: 0, updatedAt: iso(at) }],
      })
    })
    return { ...(await durable), message: placed.message, fresh: true }
  }

  function spanTo(key: Key, question: { at: number; sid: string }, reply: { at: number; sid: string }): Act {
    return {
      _id: ids.next(),
      ...key,
      ...replyAct(question, reply, reply.at),
      order: conversations.nextOrder(),
    }
  }

  /** Time (ms) of the last message of the key's newest session: an answer comes behind it. */
  function latestIn(key: Key, atLeast: number): number {
    const { line } = store.key(key)
    return line.size === 0 ? atLeast : Math.max(atLeast, line.interval(line.size - 1).until)
  }

  function takenBefore(message: Message): Taken {
    return { message, session: message.session_id, fresh: false }
  }

  return intake
}
