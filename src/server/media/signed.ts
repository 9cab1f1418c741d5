import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../ports.ts'

/** An address is good for this long, ms: the carrier fetches within minutes, and again when it must. */
const LASTS_MS = 3_600_000
const SIGNED = /^([0-9a-f]{64})\.([0-9a-z]{1,9})\.([\w-]{43})$/

/**
 * Addresses under which the carrier may fetch one file for an hour, as often as it likes. Nothing is stored: the key comes
 * from the account's token, so an address outlives a restart, and ends with the token.
 */
export class SignedMedia {
  readonly #clock: Clock
  readonly #token: () => string | undefined

  constructor(clock: Clock, token: () => string | undefined) {
    this.#clock = clock
    this.#token = token
  }

  /** What stands behind `/media/`; undefined while there is no token. */
  sign(hash: string): string | undefined {
    const token = this.#token()
    if (token === undefined) return undefined
    const expiry = Math.ceil((this.#clock.now() + LASTS_MS) / 1000).toString(36)
    return `${hash}.${expiry}.${macOf(token, hash, expiry)}`
  }

  /** The hash that was signed; undefined for whatever was altered, is over, or never was ours. */
  read(signed: string): string | undefined {
    const token = this.#token()
    const [, hash = '', expiry = '', mac = ''] = SIGNED.exec(signed) ?? []
    if (token === undefined || mac === '') return undefined
    if (!timingSafeEqual(Buffer.from(mac), Buffer.from(macOf(token, hash, expiry)))) return undefined
    return Number.parseInt(expiry, 36) * 1000 > this.#clock.now() ? hash : undefined
  }
}

function macOf(token: string, hash: string, expiry: string): string {
  const key = createHash('sha256').update('switchboard media ').update(token).digest()
  return createHmac('sha256', key).update(`${hash}.${expiry}`).digest('base64url')
}
