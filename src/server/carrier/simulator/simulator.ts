import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock } from '../../ports.ts'
import { addNumber, createAccount, type Account, type SimCall } from './account.ts'
import { createActivity } from './activity.ts'
import { createApi } from './api.ts'
import { callIn, type PhoneCall } from './calls.ts'
import type { SimContext, SimEvent } from './context.ts'
import { createFaults, type Faults } from './faults.ts'
import { textIn, type PhoneText, type Texted } from './incoming.ts'
import { postWebhook, type WebhookAnswer } from './post.ts'

export interface SimulatorOptions {
  clock: Clock
  /** The business's numbers, E.164; the first is the one phones write to. */
  numbers?: string[]
}

/** The telephone company in a box: Twilio's REST API on loopback, and the phones at the other end of it. */
export interface Simulator {
  /** Where the REST API is, e.g. http://127.0.0.1:40123; give it as TWILIO_API_BASE_URL. */
  readonly api: string
  readonly accountSid: string
  /** The account's present one. */
  readonly authToken: string
  /** Everything that ever happened in the account: what a list answers with. */
  readonly account: Account
  readonly faults: Faults
  /** Where webhooks go, for all numbers: what a person would enter at Twilio. A fragment sets its retries. */
  point(urls: { sms?: string; voice?: string; status?: string }): void
  /** A phone sends a text; resolves when the webhook has been answered (or given up). */
  text(text: PhoneText): Promise<Texted>
  /** A phone calls; resolves when the call has ended and everything about it was reported. */
  call(call: PhoneCall): Promise<SimCall>
  on(listener: (event: SimEvent) => void): () => void
  /** Resolves when no delivery, call or callback is under way; what was told to wait for the clock doesn't count. */
  idle(): Promise<void>
  close(): Promise<void>
}

/** The number of design.md's examples. */
export const BUSINESS_NUMBER = '+15703251809'

/** What the company hosts itself: the Echo Twimlet, which gives back the TwiML in its own address. */
function hostedAnswer(url: string): WebhookAnswer | undefined {
  const { host, pathname, searchParams } = URL.parse(url) ?? {}
  if (host !== 'twimlets.com' || pathname !== '/echo') return undefined
  return { status: 200, ok: true, tries: 1, body: searchParams?.get('Twiml') ?? '' }
}

export async function createSimulator({
  clock,
  numbers = [BUSINESS_NUMBER],
}: SimulatorOptions): Promise<Simulator> {
  const account = createAccount()
  const faults = createFaults()
  const activity = createActivity()
  const listeners = new Set<(event: SimEvent) => void>()
  for (const number of numbers) addNumber(account, number, clock)

  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const context: SimContext = {
    account,
    clock,
    faults,
    activity,
    base,
    async post(url, params, method) {
      const hosted = hostedAnswer(url)
      if (hosted) return hosted
      const answer = await postWebhook(url, params, account.token, method)
      if (!answer.ok) {
        const about = params['MessageSid'] ?? params['CallSid'] ?? ''
        account.alerts.push({ code: answer.status === 0 ? 11_205 : 11_200, url, about, at: clock.now() })
      }
      return answer
    },
    emit(event) {
      for (const listener of listeners) listener(event)
    },
  }
  const handle = createApi(context).callback()
  server.on('request', (request, response) => void handle(request, response))

  return {
    api: base,
    accountSid: account.sid,
    get authToken() {
      return account.token
    },
    account,
    faults,
    point({ sms, voice, status }) {
      for (const number of account.numbers.values()) {
        if (sms !== undefined) number.sms_url = sms
        if (voice !== undefined) number.voice_url = voice
        if (status !== undefined) number.status_callback = status
        number.updated = clock.now()
      }
    },
    text: (text) => activity.track(textIn(context, text)),
    call: (call) => activity.track(callIn(context, call)),
    on(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    idle: () => activity.idle(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
