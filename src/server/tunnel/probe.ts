import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Clock } from '../ports.ts'
import { loopbackLookup } from '../loopback-lookup.ts'
import type { Challenge } from './challenge.ts'
import type { Proof } from './tunnel.ts'

/** A probe that had no answer by then has none, ms. */
const ANSWER_WITHIN_MS = 5_000
/** A health answer is some hundred bytes: more is somebody else's page. */
const MOST_BYTES = 4_096

/** Why no connection was made, or it broke: by Node's code, in a few words. */
const CONNECTION: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name could not be looked up; is the internet connection there?',
  ECONNREFUSED: 'nothing answers at its address',
  ECONNRESET: 'the connection was cut',
  EHOSTUNREACH: 'its address can’t be reached',
  ENETUNREACH: 'there is no network',
}

/** Asks the public address, as Twilio would come, whether this console answers behind it. Never rejects. */
export async function probe(
  url: string,
  challenge: Challenge,
  clock: Clock,
  signal: AbortSignal,
): Promise<Proof> {
  const asked = challenge.make()
  const limit = new AbortController()
  const stop = clock.after(ANSWER_WITHIN_MS, () => limit.abort())
  try {
    const { status, text } = await get(
      new URL(`${url}/health?challenge=${asked}`),
      AbortSignal.any([signal, limit.signal]),
    )
    return judge(status, text, (given) => challenge.isAnswer(asked, given))
  } catch (error) {
    if (limit.signal.aborted) return no(`no answer came within ${String(ANSWER_WITHIN_MS / 1_000)} s`)
    return no(connectionTrouble(error))
  } finally {
    stop()
  }
}

export function connectionTrouble(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return CONNECTION[code] ?? (error instanceof Error ? error.message : String(error))
}

const no = (reason: string): Proof => ({ ok: false, reason })

/** What an answer to the health challenge says of who stands behind the address. */
export function judge(status: number, text: string, isAnswer: (given: unknown) => boolean): Proof {
  if (status >= 300 && status < 400) return no(`the address leads elsewhere (HTTP ${String(status)})`)
  if (status === 404) return no('its server does not know this address any more (HTTP 404)')
  if (status >= 500) return no(`its server does not reach this console (HTTP ${String(status)})`)
  if (status !== 200) return no(`something else answers there (HTTP ${String(status)})`)
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return no('something else answers there')
  }
  const proof = typeof body === 'object' && body !== null && 'proof' in body ? body.proof : undefined
  if (proof === undefined) return no('something else answers there')
  return isAnswer(proof) ? { ok: true } : no('another console answers at this address')
}

function get(url: URL, signal: AbortSignal): Promise<{ status: number; text: string }> {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const asking = request(
      url,
      {
        signal,
        lookup: loopbackLookup,
        // A connection of its own each time: one kept alive would go on answering when no new one could be made.
        agent: false,
        headers: { 'Bypass-Tunnel-Reminder': '1', 'User-Agent': 'Switchboard' },
      },
      (answer) => {
        readShort(answer).then((text) => resolve({ status: answer.statusCode ?? 0, text }), reject)
      },
    )
    asking.on('error', reject)
    asking.end()
  })
}

/** An answer's text; empty when it is longer than any of ours. */
export async function readShort(answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of answer as AsyncIterable<Buffer>) {
    size += part.length
    if (size > MOST_BYTES) {
      answer.destroy()
      return ''
    }
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}
