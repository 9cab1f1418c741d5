import type { IncomingMessage } from 'node:http'
import type { Clock } from '../ports.ts'
import { Refusal } from './refusal.ts'

/** Twilio's own bodies stay far below this; its limit for the answer is the same 64 kB. */
export const MAX_BODY_BYTES = 64 * 1024

/**
 * The body of a request, at most `MAX_BODY_BYTES`.
 *
 * A body announced larger is not begun, one that grows larger is not read on. Throws Refusal 413 for these and 400 when
 * the sender went away in the middle.
 */
export function readBody(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers['content-length']) > MAX_BODY_BYTES)
    return Promise.reject(new Refusal(413, 'body_too_large'))
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    const onData = (chunk: Buffer) => {
      length += chunk.length
      chunks.push(chunk)
      if (length > MAX_BODY_BYTES) {
        request.pause()
        settle(() => reject(new Refusal(413, 'body_too_large')))
      }
    }
    const onEnd = () =>
      settle(() => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)))
    const onGone = () => settle(() => reject(new Refusal(400, 'body_malformed')))
    const settle = (outcome: () => void) => {
      request.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone)
      outcome()
    }
    request.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone)
  })
}

/** What is thrown away of a refused body, in bytes, and the time for it, in milliseconds, before the connection goes. */
const LINGER_BYTES = 256 * 1024
const LINGER_MS = 300

/** Whether a refused request's body may be left for Node to throw away, so that the connection can be used again. */
export function isBodySmall(request: IncomingMessage): boolean {
  if (request.readableEnded) return true
  if (request.headers['transfer-encoding'] !== undefined) return false
  return Number(request.headers['content-length'] ?? 0) <= MAX_BODY_BYTES
}

/**
 * Throws away a little of a body nobody will read. A connection closed with bytes unread is reset by the system, and the
 * sender would lose the answer that says why; so those that are only somewhat too large hear it.
 */
export function linger(request: IncomingMessage, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    let length = 0
    const onData = (chunk: Buffer) => {
      length += chunk.length
      if (length > LINGER_BYTES) done()
    }
    const done = () => {
      stop()
      request.off('data', onData).off('end', done).off('close', done).pause()
      resolve()
    }
    const stop = clock.after(LINGER_MS, done)
    // A sender that goes away is no news here.
    request.on('error', () => undefined)
    request.on('data', onData).on('end', done).on('close', done).resume()
  })
}
