import type { Twilio } from 'twilio'
import type { CallInstance } from 'twilio/lib/rest/api/v2010/account/call.js'
import type { RecordingInstance } from 'twilio/lib/rest/api/v2010/account/recording.js'
import { attempt } from './attempt.ts'
import { readAddress, type Outcome } from './carrier.ts'
import type { CallRecord, CarrierLists, ListPage, RecordingRecord } from './lists.ts'
import { orEmpty, readMessage, timeOf, UnreadableRecord } from './read-message.ts'

/** A page of the package's, whatever it is of. */
interface TwilioPage<T> {
  instances: T[]
  getNextPageUrl(): string | undefined
}

const LONGEST_PAGE = 1000

/** Twilio's lists of what happened, through its client. `heardAt`: its clock at the last answer. */
export function twilioLists(
  client: () => Promise<Twilio>,
  heardAt: () => number | undefined,
): Omit<CarrierLists, 'numbers'> {
  return {
    messages: (range, next) =>
      onePage(async () => {
        const { messages } = await client()
        return next === undefined
          ? messages.page({
              dateSentAfter: new Date(range.after),
              ...sentBefore(range.before),
              ...size(range),
            })
          : messages.getPage(next)
      }, readMessage),
    calls: (range, next) =>
      onePage(async () => {
        const { calls } = await client()
        return next === undefined
          ? calls.page({
              startTimeAfter: new Date(range.after),
              ...startBefore(range.before),
              ...size(range),
            })
          : calls.getPage(next)
      }, readCall),
    recordings(range, next) {
      let base = ''
      return onePage(
        async () => {
          const { api, recordings } = await client()
          base = api.baseUrl
          return next === undefined
            ? recordings.page({
                dateCreatedAfter: new Date(range.after),
                ...createdBefore(range.before),
                ...size(range),
              })
            : recordings.getPage(next)
        },
        (recording) => readRecording(recording, base),
      )
    },
    call: (sid) => attempt(async () => readCall(await (await client()).calls(sid).fetch())),
    transcripts: (recordingSid) =>
      attempt(async () => {
        const made = await (await client()).recordings(recordingSid).transcriptions.list({ limit: 20 })
        return made.map(({ sid, status, transcriptionText }) => ({
          sid,
          status,
          text: orEmpty(transcriptionText),
        }))
      }),
    mediaOf: (messageSid) =>
      attempt(async () => {
        const twilio = await client()
        const files = await twilio.messages(messageSid).media.list({ limit: 100 })
        return files.map(({ uri, contentType }) => ({
          url: addressOf(twilio.api.baseUrl, uri),
          content_type: contentType,
        }))
      }),
    heardAt,
  }
}

const size = ({ pageSize = LONGEST_PAGE }: { pageSize?: number }) => ({ pageSize })
const sentBefore = (ms: number | undefined) => (ms === undefined ? {} : { dateSentBefore: new Date(ms) })
const startBefore = (ms: number | undefined) => (ms === undefined ? {} : { startTimeBefore: new Date(ms) })
const createdBefore = (ms: number | undefined) =>
  ms === undefined ? {} : { dateCreatedBefore: new Date(ms) }

/** One entry that can't be read must not keep the others out: it is named. */
function onePage<T extends { sid: string }, R>(
  ask: () => Promise<TwilioPage<T>>,
  read: (of: T) => R,
): Promise<Outcome<ListPage<R>>> {
  return attempt(async () => {
    const page = await ask()
    const items: R[] = []
    const unread: string[] = []
    for (const instance of page.instances) {
      try {
        items.push(read(instance))
      } catch {
        unread.push(instance.sid)
      }
    }
    return { items, unread, next: page.getNextPageUrl() }
  })
}

function readCall(call: CallInstance): CallRecord {
  // Null until it is so, whatever the package's types say; a SIP or client address stays as it is.
  const started = timeOf(call.startTime) ?? timeOf(call.dateCreated)
  if (started === undefined) throw new UnreadableRecord(call.sid)
  const duration = wholeNumber(call.duration)
  return {
    sid: call.sid,
    direction: call.direction === 'inbound' ? 'inbound' : 'outbound',
    from: readAddress(orEmpty(call.from)).number,
    to: readAddress(orEmpty(call.to)).number,
    status: call.status,
    started_at: started,
    ...(duration === undefined ? {} : { duration_s: duration }),
  }
}

function readRecording(recording: RecordingInstance, base: string): RecordingRecord {
  const created = timeOf(recording.dateCreated) ?? timeOf(recording.startTime)
  if (created === undefined) throw new UnreadableRecord(recording.sid)
  const duration = wholeNumber(recording.duration)
  return {
    sid: recording.sid,
    call_sid: recording.callSid,
    source: recording.source,
    status: recording.status,
    url: addressOf(base, recording.uri),
    created_at: created,
    ...(duration === undefined ? {} : { duration_s: duration }),
  }
}

/** The thing itself, where the resource that describes it ends in .json. */
function addressOf(base: string, uri: string): string {
  return base + uri.replace(/\.json$/, '')
}

function wholeNumber(text: string | null): number | undefined {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined
}
