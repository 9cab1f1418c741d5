import type { Twilio } from 'twilio'
import type RequestClient from 'twilio/lib/base/RequestClient.js'
import type { MessageInstance } from 'twilio/lib/rest/api/v2010/account/message.js'
import type { DeliveryStatus } from '../../shared/documents.ts'
import { attempt } from './attempt.ts'
import { address, type CarrierMessage, type MessageQuery, type Outcome } from './carrier.ts'
import { AnswerError, CredentialsError, isTwilios, serverTime, type HttpAnswer } from './failures.ts'
import type { ListingCarrier } from './lists.ts'
import { readMessage } from './read-message.ts'
import { twilioAccount, type CarrierAccount } from './twilio-account.ts'
import { twilioContents } from './twilio-contents.ts'
import { twilioLists } from './twilio-lists.ts'

export interface TwilioOptions {
  accountSid: string
  authToken: string
  /** Where the REST API is; TWILIO_API_BASE_URL, the simulator's address, or nothing for Twilio itself. */
  baseUrl?: string | undefined
  /** Milliseconds after which a request counts as lost. */
  timeout?: number
  /** The server's own time (its Date header, ms) with each answer, so that a clock that is wrong can be reported. */
  onServerTime?: (serverNow: number) => void
  /** An answer of 401: the token may have been renewed meanwhile. Called for each. */
  onUnauthorized?: () => void
}

/** Everything Twilio does for us. */
export interface TwilioCarrier extends ListingCarrier {
  readonly account: CarrierAccount
}

/** The carrier over Twilio's REST API. The only module that loads the REST client, at the first use: it takes a third of a second. */
export function twilioCarrier(options: TwilioOptions): TwilioCarrier {
  let loading: Promise<Twilio> | undefined
  let heardAt: number | undefined
  const onServerTime = (time: number): void => {
    heardAt = time
    options.onServerTime?.(time)
  }
  const client = () => (loading ??= connect({ ...options, onServerTime }))
  const account = twilioAccount(client, options.accountSid)

  return {
    send: (message) =>
      attempt(async () => {
        const sent = await (
          await client()
        ).messages.create({
          from: address(message.from, message.medium),
          to: address(message.to, message.medium),
          ...(message.content === undefined
            ? message.body === ''
              ? {}
              : { body: message.body }
            : {
                contentSid: message.content.sid,
                contentVariables: JSON.stringify(message.content.variables),
              }),
          ...(message.statusCallback === undefined ? {} : { statusCallback: message.statusCallback }),
          ...(message.mediaUrl?.length ? { mediaUrl: message.mediaUrl } : {}),
        })
        // Some proxies answer 200 for others. Without a SID nobody knows what became of it: an unknown end.
        if (!sent.sid) throw new TypeError('the answer carries no SID')
        return { sid: sent.sid, status: sent.status as DeliveryStatus }
      }),
    fetchMessage: (sid) => attempt(async () => readMessage(await (await client()).messages(sid).fetch())),
    listMessages: (query) => pages(client, query),
    lists: { ...twilioLists(client, () => heardAt), numbers: () => account.numbers() },
    account,
    contents: () => twilioContents(client),
  }
}

async function connect({
  accountSid,
  authToken,
  baseUrl,
  timeout = 15_000,
  onServerTime,
  onUnauthorized,
}: TwilioOptions): Promise<Twilio> {
  const { default: twilio } = await import('twilio')
  /** The package's own client; but a refusal keeps its headers (Retry-After), which its RestException drops. */
  class Client extends twilio.RequestClient {
    override async request<T>(opts: RequestClient.RequestOptions<T>) {
      const answer = await super.request<T>(opts)
      const { statusCode, body, headers } = answer as HttpAnswer
      const isTheirs = isTwilios({ statusCode, body, headers })
      const date = serverTime(headers)
      // A proxy has a clock of its own, and credentials of its own that it wants.
      if (isTheirs && !Number.isNaN(date)) onServerTime?.(date)
      if (isTheirs && statusCode === 401) onUnauthorized?.()
      if (!isTheirs || statusCode >= 400) throw new AnswerError({ statusCode, body, headers })
      return answer
    }
  }
  try {
    const client = twilio(accountSid, authToken, { httpClient: new Client({ timeout }), timeout })
    if (baseUrl) {
      const base = baseUrl.replace(/\/+$/, '')
      client.api.baseUrl = base
      client.messaging.baseUrl = base
      client.content.baseUrl = base
    }
    return client
  } catch (cause) {
    throw new CredentialsError('not a Twilio account SID and token', { cause })
  }
}

interface MessagePage {
  instances: MessageInstance[]
  nextPage(): Promise<MessagePage> | undefined
}

async function* pages(
  client: () => Promise<Twilio>,
  query: MessageQuery,
): AsyncGenerator<Outcome<CarrierMessage[]>, void, undefined> {
  const medium = query.medium ?? 'sms'
  let page: Outcome<MessagePage> = await attempt(async () =>
    (await client()).messages.page({
      ...(query.from === undefined ? {} : { from: address(query.from, medium) }),
      ...(query.to === undefined ? {} : { to: address(query.to, medium) }),
      ...(query.dateSentAfter === undefined ? {} : { dateSentAfter: new Date(query.dateSentAfter) }),
      ...(query.dateSentBefore === undefined ? {} : { dateSentBefore: new Date(query.dateSentBefore) }),
      pageSize: query.pageSize ?? 50,
    }),
  )
  while (page.ok) {
    const current = page.value
    // One that can't be read may be the very message that is looked for: then nothing is known of this page.
    const read = await attempt(() => Promise.resolve(current.instances.map(readMessage)))
    yield read
    if (!read.ok) return
    const next = current.nextPage()
    if (next === undefined) return
    page = await attempt(() => next)
  }
  yield page
}
