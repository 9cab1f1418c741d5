import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Hop, SelfTestView } from '../../shared/live.ts'
import { loopbackLookup } from '../loopback-lookup.ts'
import type { Clock } from '../ports.ts'
import type { Challenge } from './challenge.ts'
import { connectionTrouble, judge, readShort } from './probe.ts'

export interface SelfTestParts {
  clock: Clock
  challenge: Challenge
  /** The account's SID and Twilio's signature of a form; undefined while there is no token. */
  signer: () => Signer | undefined
}

export interface Signer {
  accountSid: string
  sign(url: string, form: ReadonlyMap<string, string>): string
}

/** The number whose way is tested, as Twilio has it now. */
export interface TestedNumber {
  number: string
  medium: 'sms' | 'whatsapp'
  addresses: { sms_url: string; sms_method: string }
  /** Something else has changed what we had set. */
  isElsewhere: boolean
  /** What takes the place of its addresses, in words; empty when nothing does. */
  overridden: string
}

/** Resolves when all that could be tried has been; never rejects. Told after each hop. */
export type SelfTest = (
  number: TestedNumber | undefined,
  base: string,
  tell: (test: SelfTestView) => void,
) => Promise<void>

/** Each request has so long, ms. */
const ANSWER_WITHIN_MS = 10_000

/**
 * Goes the way a text takes, from the outside in, and says of each hop whether it holds. What is sent is signed as
 * Twilio signs and taken by the same gate; nothing of it is kept.
 */
export function createSelfTest({ clock, challenge, signer }: SelfTestParts): SelfTest {
  return async (number, base, tell) => {
    const at = new Date(clock.now()).toISOString()
    const hops: Hop[] = NAMES.map((name) => ({ name, ok: null, sentence: '', ms: null }))
    const show = (done: boolean): void => {
      tell({ number: number?.number ?? '', at, done, hops: hops.map((hop) => ({ ...hop })) })
    }
    let since = clock.now()
    const settle = (place: number, ok: boolean | null, sentence: string): void => {
      const name = NAMES[place] ?? ''
      hops[place] = { name, ok, sentence, ms: ok === null ? null : clock.now() - since }
      since = clock.now()
      show(false)
    }
    const giveUpFrom = (place: number): void => {
      for (let later = place; later < TWILIO; later += 1) settle(later, null, NOT_TRIED)
    }

    show(false)
    const { host } = new URL(base)
    const asked = challenge.make()
    const prove = (given: unknown): boolean => challenge.isAnswer(asked, given)

    async function outsideIn(): Promise<void> {
      const way = { isConnected: false }
      const health = await send(clock, `${base}/health?challenge=${asked}`, undefined, () => {
        way.isConnected = true
        settle(NAME, true, `A connection to ${host} is made.`)
      })
      if (!health.ok && !way.isConnected) {
        settle(NAME, false, `No connection to ${host} could be made: ${health.reason}.`)
        return giveUpFrom(ANSWER)
      }
      if (!health.ok) {
        settle(ANSWER, false, `Nothing came back from ${host}: ${health.reason}.`)
        return giveUpFrom(CONSOLE)
      }
      settle(ANSWER, true, `${host} answers.`)
      const proof = judge(health.status, health.text, prove)
      if (!proof.ok) {
        settle(CONSOLE, false, `It does not lead to this console: ${proof.reason}.`)
        return giveUpFrom(SIGNATURE)
      }
      settle(CONSOLE, true, 'The address leads to this very console.')
      await signed()
    }

    async function signed(): Promise<void> {
      const as = signer()
      if (!as) return settle(SIGNATURE, false, 'There is no account whose token could sign. Enter it first.')
      const again = challenge.make()
      const form = new Map([
        ['AccountSid', as.accountSid],
        ['Challenge', again],
      ])
      const url = `${base}/webhooks/check`
      const body = new URLSearchParams([...form]).toString()
      const answer = await send(clock, url, { body, signature: as.sign(url, form) })
      if (!answer.ok) return settle(SIGNATURE, false, `The signed request got no answer: ${answer.reason}.`)
      if (answer.status === 403) return settle(SIGNATURE, false, CHANGED)
      const proof = judge(answer.status, answer.text, (given) => challenge.isAnswer(again, given))
      settle(
        SIGNATURE,
        proof.ok,
        proof.ok
          ? 'A request signed with your token is taken; any other is refused.'
          : `The signed request was not taken: ${proof.reason}.`,
      )
    }

    await outsideIn()
    since = clock.now()
    const { ok, sentence } = atTwilio(number, base)
    settle(TWILIO, ok, sentence)
    show(true)
  }
}

const NAME = 0
const ANSWER = 1
const CONSOLE = 2
const SIGNATURE = 3
const TWILIO = 4
const NAMES: readonly string[] = ['Connection', 'Way in', 'This console', 'Signature', 'Number at Twilio']
const NOT_TRIED = 'Not tried: the way does not hold before it.'
const CHANGED =
  'The signature was refused, so something on the way changes requests or their address. Look at what stands between: a proxy must pass path, query and body as they come.'

function atTwilio(number: TestedNumber | undefined, base: string): { ok: boolean; sentence: string } {
  if (!number) return { ok: false, sentence: 'This number is not in the account. Read the numbers again.' }
  if (number.overridden !== '') return { ok: false, sentence: number.overridden }
  const { sms_url, sms_method } = number.addresses
  const what = `${number.medium === 'sms' ? 'texts' : 'WhatsApp messages'} of ${number.number}`
  if (sms_url.replace(/#.*$/, '') === `${base}/webhooks/${number.medium}`) {
    if (sms_method !== 'POST' && sms_method !== '')
      return {
        ok: false,
        sentence: `Twilio sends the ${what} here by ${sms_method}, and only POST is taken. Point it here again.`,
      }
    return number.isElsewhere
      ? { ok: false, sentence: `Twilio sends the ${what} here. ${CHANGED_SINCE}` }
      : { ok: true, sentence: `Twilio sends the ${what} here.` }
  }
  const elsewhere = URL.parse(sms_url)?.host
  return {
    ok: false,
    sentence:
      elsewhere === undefined
        ? `Twilio sends the ${what} nowhere. Go live, so that it is pointed here.`
        : `Twilio sends the ${what} to ${elsewhere}. Point it here again.`,
  }
}

const CHANGED_SINCE =
  'But something else has changed the number’s other addresses since. Point it here again.'

type Answer = { ok: true; status: number; text: string } | { ok: false; reason: string }

/** A request as it comes from outside: over a connection of its own, through the public address. Never rejects. */
async function send(
  clock: Clock,
  address: string,
  signed?: { body: string; signature: string },
  onConnected: () => void = () => undefined,
): Promise<Answer> {
  const url = new URL(address)
  const [request, connected] =
    url.protocol === 'https:' ? [httpsRequest, 'secureConnect'] : [httpRequest, 'connect']
  const limit = new AbortController()
  const stop = clock.after(ANSWER_WITHIN_MS, () => limit.abort())
  try {
    return await new Promise<Answer>((resolve, reject) => {
      const asking = request(
        url,
        {
          method: signed ? 'POST' : 'GET',
          signal: limit.signal,
          lookup: loopbackLookup,
          agent: false,
          headers: {
            'Bypass-Tunnel-Reminder': '1',
            'User-Agent': 'Switchboard',
            ...(signed && {
              'Content-Type': 'application/x-www-form-urlencoded',
              'Content-Length': String(Buffer.byteLength(signed.body)),
              'X-Twilio-Signature': signed.signature,
            }),
          },
        },
        (answer) => {
          readShort(answer).then(
            (text) => resolve({ ok: true, status: answer.statusCode ?? 0, text }),
            reject,
          )
        },
      )
      asking.on('socket', (socket) => socket.once(connected, onConnected))
      asking.on('error', reject)
      asking.end(signed?.body)
    })
  } catch (error) {
    const reason = limit.signal.aborted
      ? `no answer came within ${String(ANSWER_WITHIN_MS / 1_000)} s`
      : connectionTrouble(error)
    return { ok: false, reason }
  } finally {
    stop()
  }
}
