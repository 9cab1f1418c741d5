import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import Tunnel from 'localtunnel/lib/Tunnel.js'
import { z } from 'zod'
import { loopbackLookup } from '../loopback-lookup.ts'
import type { Provider } from './tunnel.ts'

/** An address of the operator's own: there is nothing to open, only to be checked. */
export const ownAddress = (url: string): Provider => ({
  open: () =>
    Promise.resolve({ url: bare(url), isAsAsked: true, onLost: () => undefined, close: () => undefined }),
})

export interface LocaltunnelOptions {
  /** The webhook port. */
  port: number
  /** Unguessable, asked for again each time, so that the address stays while the server gives it. */
  subdomain: string
  /** The tunnel server. */
  host: string
}

/** Connections held open to a tunnel server, however many it grants: usual ones say ten, and Twilio needs no more. */
const MOST_CONNECTIONS = 16

/** What a localtunnel server answers to "give me this name". */
const grantSchema = z.object({
  id: z.string().min(1),
  url: z.url(),
  port: z.int().positive().max(65_535),
  ip: z.string().optional(),
  max_conn_count: z
    .int()
    .positive()
    .transform((granted) => Math.min(granted, MOST_CONNECTIONS))
    .optional(),
})
type Grant = z.infer<typeof grantSchema>

/**
 * The localtunnel package's own client, but for the first request: the package's repeats that one every second for
 * ever, whatever becomes of the tunnel, so that each try at a server that is away would leave a loop behind
 * (reference twilio.md §6: its promise never settles).
 */
class AskedOnce extends Tunnel {
  readonly grant: Grant
  constructor(grant: Grant, options: { host: string; port: number }) {
    // local_host rewrites the Host header, which decides nothing here; without it "localhost" may be ::1.
    super({ ...options, local_host: '127.0.0.1' })
    this.grant = grant
  }
  override _init(done: (error: Error | null, info?: object) => void): void {
    done(null, this._getInfo(this.grant))
  }
}

export const localtunnel = ({ port, subdomain, host }: LocaltunnelOptions): Provider => ({
  async open(signal) {
    const server = bare(host)
    const grant = await ask(new URL(`${server}/${subdomain}`), signal)
    const tunnel = new AskedOnce(grant, { host: server, port })
    const lost = new Lost()
    // Without a listener an error would be thrown where nobody can catch it.
    tunnel.on('error', (error: Error) => lost.tell(inWords(error)))
    tunnel.on('close', () => lost.tell('it was closed'))
    await new Promise<void>((resolve, reject) => {
      tunnel.open((error) => {
        if (error) reject(error)
        else resolve()
      })
    })
    return {
      url: bare(grant.url),
      isAsAsked: grant.id === subdomain,
      onLost: (listener) => lost.to(listener),
      close: () => tunnel.close(),
    }
  },
})

/** The package's own words give an address and advice about firewalls, whatever it was. */
const inWords = ({ message }: Error): string =>
  message.startsWith('connection refused') ? 'its server does not answer' : message

/** The first reason, told once, to whoever listens then or later. */
class Lost {
  #reason: string | undefined
  #listener: ((reason: string) => void) | undefined

  tell(reason: string): void {
    if (this.#reason !== undefined) return
    this.#reason = reason
    this.#listener?.(reason)
  }
  to(listener: (reason: string) => void): void {
    this.#listener = listener
    if (this.#reason !== undefined) listener(this.#reason)
  }
}

async function ask(url: URL, signal: AbortSignal): Promise<Grant> {
  const { status, text } = await get(url, signal)
  if (status !== 200) throw new Error(`its server refuses (HTTP ${String(status)})`)
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    throw new Error('what answers there is no localtunnel server')
  }
  const grant = grantSchema.safeParse(body)
  if (!grant.success) throw new Error('what answers there is no localtunnel server')
  return grant.data
}

function get(url: URL, signal: AbortSignal): Promise<{ status: number; text: string }> {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const asking = request(url, { signal, lookup: loopbackLookup, agent: false }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (part: string) => {
        text += part
        if (text.length > 16_384) answer.destroy(new Error('what answers there is no localtunnel server'))
      })
      answer.on('error', reject)
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
    })
    asking.on('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ECONNREFUSED' ? new Error('its server does not answer') : error),
    )
    asking.end()
  })
}

const bare = (url: string): string => url.replace(/\/+$/, '')
