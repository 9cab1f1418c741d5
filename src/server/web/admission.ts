import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

const COOKIE = 'switchboard'

/**
 * Who may see the browser console: whoever opened the address with the token on this machine. The address exchanges the
 * token for a cookie that scripts can't read and other sites can't send; from then on the address does not show it.
 */
export class Admission {
  readonly #token: string
  readonly #cookie: string
  #hosts: ReadonlySet<string> = new Set()

  /** @param secret makes unguessable text of so many bytes */
  constructor(secret: (bytes: number) => string) {
    this.#token = secret(24)
    this.#cookie = secret(24)
  }

  /** The port is known only once it listens. */
  listensOn(port: number): void {
    this.#hosts = new Set([`127.0.0.1:${String(port)}`, `localhost:${String(port)}`])
  }

  get path(): string {
    return `/enter/${this.#token}`
  }

  /** The port is part of the cookie's name, for cookies are shared between ports and two consoles may run. */
  cookieFor(path: string, port: number): string | undefined {
    if (!path.startsWith('/enter/') || !same(path.slice('/enter/'.length), this.#token)) return undefined
    return `${COOKIE}-${String(port)}=${this.#cookie}; HttpOnly; SameSite=Strict; Path=/`
  }

  /** The Host header names this machine: another name means somebody's page was made to point here (DNS rebinding). */
  isOurHost(request: IncomingMessage): boolean {
    return this.#hosts.has(request.headers.host ?? '')
  }

  /** An Origin, where there is one, must be the console's own page. */
  isOurOrigin(request: IncomingMessage): boolean {
    const { origin } = request.headers
    return (
      origin === undefined || (origin === `http://${request.headers.host ?? ''}` && this.isOurHost(request))
    )
  }

  isAdmitted(request: IncomingMessage, port: number): boolean {
    const name = `${COOKIE}-${String(port)}=`
    const cookie = (request.headers.cookie ?? '').split(/;\s*/).find((c) => c.startsWith(name))
    return cookie !== undefined && same(cookie.slice(name.length), this.#cookie)
  }
}

function same(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
