import type { Channel, Medium, Message } from '../../shared/documents.ts'
import { SwitchboardError } from '../../shared/errors.ts'
import { laneOf } from '../key.ts'
import type { Commit, Key } from '../store/types.ts'
import { Claims } from './claims.ts'
import type { PlaceOptions, Unplaced } from './conversations.ts'
import { idOfDraft, placeOutgoing } from './outgoing.ts'
import type { IntakeParts } from './parts.ts'
import { logPlaced, logReceived } from './received-log.ts'
import { iso } from './session-document.ts'
import type { Intake, Params, Source, Taken } from './types.ts'
import { endCallWaits } from './waiting.ts'
import { callWords, isLaterCallStatus, voicemailWords } from './voice-words.ts'

/** A message on its way in, before it has an id, a time and a session. */
interface Draft {
  medium: Medium
  channel: string
  contact: string
  source: Source
  fields: Pick<Message, 'content' | 'sender' | 'sid' | 'status'> & Partial<Message>
  /** The call it belongs to began at this time (ms). */
  callBegan?: number
}

/**
 * Makes the one way in: claim the SID, enter the lane of the key, let the rule place it, commit, answer when durable.
 * See docs/architecture.md, "The way of a message".
 */
export function createIntake(parts: IntakeParts): Intake {
  const { store, conversations, lanes, arrival, ids, log, edit, afterStatus } = parts
  const keep = parts.keep ?? ((_: Message, commit: Commit) => store.commit(commit))
  const claims = new Claims(store)

  /** The channel with this number; a valid signature proves a new number is ours, so it gets one. */
  function channelOf(number: string): Channel {
    const known = store.channels().find((c) => c.number === number)
    if (known) return known
    const now = iso(arrival.now())
    const channel: Channel = { _id: ids.next(), number, name: number, createdAt: now, updatedAt: now }
    // In memory at once, so that the next message finds it. Should it not become durable, the message behind it won't either.
    store.commit({ why: 'channel', channels: [channel] }).catch(() => undefined)
    return channel
  }

  async function take({
    medium,
    channel: number,
    contact,
    source,
    fields,
    callBegan,
  }: Draft): Promise<Taken> {
    const channel = channelOf(number)
    const key: Key = { channel_id: channel._id, communication_type: medium, contact }
    const { placed, durable } = await lanes.run(laneOf(key), async () => {
      const at = source.kind === 'webhook' ? arrival.next() : source.at
      const unplaced: Unplaced = { _id: ids.next(), media: [], ...fields, ...key, createdAt: iso(at) }
      const options: PlaceOptions = {
        history: source.kind === 'history',
        ...(source.kind === 'webhook' && { now: at }),
        ...(callBegan !== undefined && { callBegan }),
      }
      const done = conversations.place(key, channel, unplaced, options)
      const ready = done instanceof Promise ? await done : done
      // Memory holds it now and the lane goes on; who waits for the promise waits for the disk.
      const kept = keep(ready.message, ready.commit, source)
      const told = source.kind === 'history' ? undefined : endCallWaits(parts, ready.message)
      return { placed: ready, durable: Promise.all([kept, told]) }
    })
    await durable
    if (source.kind !== 'history' && fields.sender === 'contact') {
      logReceived(log, medium, contact, channel.number, placed.message.content)
      logPlaced(log, medium, contact, placed)
    }
    return { message: placed.message, session: placed.session._id, fresh: true }
  }

  /** The call that something belongs to; made from what is known when its beginning was missed. */
  async function callOf(
    of: { call_sid: string; channel: string; contact: string; params: Params },
    source: Source,
  ): Promise<Message> {
    const known = store.mayHave(of.call_sid) ? await store.find(of.call_sid) : undefined
    if (known) return known
    if (of.channel === '' || of.contact === '') {
      throw new SwitchboardError('params_missing', { names: 'From or To of a call that is not known here' })
    }
    return (await intake.callBegan({ ...of, call_status: 'unknown' }, source)).message
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
      fields: { ...fields, call_sid: call.sid },
      callBegan: Date.parse(call.createdAt),
    })
  }

  /** Taken before without its files, which the carrier had not yet or would not list: they are added. */
  async function withFiles(taken: Taken, { sid, media }: Pick<Message, 'sid' | 'media'>): Promise<Taken> {
    if (taken.fresh || media.length === 0 || taken.message.media.length > 0) return taken
    const change = (known: Message): Message | undefined =>
      known.media.length > 0 ? undefined : { ...known, media }
    const message = await edit(sid, change, { why: 'files' })
    return { ...taken, message: message ?? taken.message }
  }

  const intake: Intake = {
    async message({ sid, medium, channel, contact, body, ...rest }, source) {
      const fields: Draft['fields'] = { content: body, sender: 'contact', sid, status: 'received', ...rest }
      const taken = await claims.claim(sid, () => take({ medium, channel, contact, source, fields }))
      return withFiles(taken, { sid, media: rest.media })
    },

    async sentElsewhere({ sid, medium, channel, contact, body, sender = 'operator', ...rest }, source) {
      const fields: Draft['fields'] = { content: body, sender, sid, ...rest }
      const taken = await claims.claim(sid, () => take({ medium, channel, contact, source, fields }))
      return withFiles(taken, { sid, media: rest.media })
    },

    callBegan: ({ call_sid: sid, channel, contact, call_status, params }, source) =>
      claims.claim(sid, () =>
        take({
          medium: 'voice',
          channel,
          contact,
          source,
          fields: {
            content: callWords(call_status),
            sender: 'contact',
            sid,
            status: 'received',
            call_sid: sid,
            call: { status: call_status },
            params,
          },
        }),
      ),

    async callProgress({ call_sid, call_status, duration_s }) {
      const change = (message: Message): Message | undefined => {
        if (!isLaterCallStatus(message.call?.status, call_status)) return undefined
        const call = { ...message.call, status: call_status, ...(duration_s !== undefined && { duration_s }) }
        if (message.call?.status === call.status && message.call.duration_s === call.duration_s)
          return undefined
        return { ...message, call, content: callWords(call.status, call.duration_s) }
      }
      await edit(call_sid, change, { why: 'call' })
    },

    async voicemail(v, source) {
      const length = v.duration_s === undefined ? {} : { duration_s: v.duration_s }
      const media = [{ url: v.url, content_type: 'audio/x-wav', recording_sid: v.recording_sid, ...length }]
      const call = await callOf(v, source)
      const content = voicemailWords(v.duration_s)
      const fields: Draft['fields'] = {
        content,
        sender: 'contact',
        sid: v.recording_sid,
        status: 'received',
        media,
        params: v.params,
      }
      const taken = await claims.claim(v.recording_sid, () => duringCall(call, source, fields))
      if (taken.fresh) return taken
      // The recording's two callbacks, and a transcript that was faster, each know something the others don't.
      const change = (known: Message): Message | undefined => {
        const [own] = known.media
        if (v.url === '' || (own?.url && (own.duration_s !== undefined || v.duration_s === undefined)))
          return undefined
        // What is known of it, its file above all, stays.
        const told = media.map((item) => ({ ...own, ...item }))
        return { ...known, media: told, content: voicemailWords(v.duration_s, known.transcript?.text) }
      }
      const message = await edit(v.recording_sid, change, { why: 'recording' })
      return { ...taken, message: message ?? taken.message }
    },

    async transcript(t, source) {
      const taken = await intake.voicemail({ ...t, url: '' }, source)
      const change = (known: Message): Message | undefined => {
        if (known.transcript?.text === t.text && known.transcript.status === t.status) return undefined
        const transcript = {
          status: t.status,
          text: t.text,
          ...(t.transcription_sid !== undefined && { sid: t.transcription_sid }),
        }
        return { ...known, transcript, content: voicemailWords(known.media[0]?.duration_s, t.text) }
      }
      const message = await edit(t.recording_sid, change, { why: 'transcript' })
      return { ...taken, message: message ?? taken.message }
    },

    async spoken({ text, event, ...of }, source) {
      const call = await callOf(of, source)
      const sid = `${of.call_sid}:${event}`
      const fields: Draft['fields'] = {
        content: text,
        sender: 'contact',
        sid,
        status: 'received',
        params: of.params,
      }
      return claims.claim(sid, () => duringCall(call, source, fields))
    },

    outgoing(o) {
      const id = o.draft === undefined ? ids.next() : idOfDraft(o.draft)
      return claims.claimId(id, () => placeOutgoing(parts, o, id))
    },

    async status(update) {
      const change = (message: Message): Message | undefined => afterStatus(message, update)
      const edited = await edit(update.sid, change, { why: 'status' })
      if (!edited && update.id !== undefined) await edit(update.id, change, { why: 'status' })
    },
  }
  return intake
}
