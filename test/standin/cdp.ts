/** A Chrome DevTools Protocol client over one WebSocket: flat sessions, ordered delivery, Chromium's own types. */
import type { Protocol } from '../../node_modules/playwright-core/types/protocol.d.ts'

export type { Protocol }
export type Method = keyof Protocol.CommandParameters
export type EventName = keyof Protocol.Events
type Listener = (params: never, sessionId: string | undefined) => void

interface Incoming {
  id?: number
  method?: string
  params?: unknown
  result?: unknown
  error?: { message: string }
  sessionId?: string
}

export class Cdp {
  readonly #socket: WebSocket
  readonly #waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>()
  readonly #listeners = new Map<string, Set<Listener>>()
  #last = 0
  onClosed: () => void = () => undefined

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.onmessage = ({ data }) => this.#receive(JSON.parse(String(data)) as Incoming)
    socket.onclose = () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('browser closed'))
      this.#waiting.clear()
      this.onClosed()
    }
  }

  /** Now and then Chromium refuses the first of two that connect at once, as the stand-in and Playwright do. */
  static async connect(url: string, tries = 5): Promise<Cdp> {
    const opened = await new Promise<WebSocket | Event>((resolve) => {
      const socket = new WebSocket(url)
      socket.onopen = () => resolve(socket)
      socket.onerror = resolve
    })
    if (opened instanceof WebSocket) return new Cdp(opened)
    if (tries <= 1) throw new Error(`cannot reach ${url}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
    return Cdp.connect(url, tries - 1)
  }

  send<M extends Method>(
    method: M,
    params: Protocol.CommandParameters[M] = {} as Protocol.CommandParameters[M],
    sessionId?: string,
  ): Promise<Protocol.CommandReturnValues[M]> {
    this.#last += 1
    const id = this.#last
    return new Promise((resolve, reject) => {
      if (this.#socket.readyState !== WebSocket.OPEN) {
        reject(new Error('browser closed'))
        return
      }
      this.#waiting.set(id, { resolve, reject })
      this.#socket.send(JSON.stringify({ id, method, params, sessionId }))
    })
  }

  on<E extends EventName>(
    name: E,
    listener: (params: Protocol.Events[E], sessionId: string | undefined) => void,
  ): void {
    const listeners = this.#listeners.get(name) ?? new Set<Listener>()
    listeners.add(listener)
    this.#listeners.set(name, listeners)
  }

  #receive({ id, method, params, result, error, sessionId }: Incoming): void {
    if (id !== undefined) {
      const waiting = this.#waiting.get(id)
      this.#waiting.delete(id)
      if (error) waiting?.reject(new Error(error.message))
      else waiting?.resolve((result ?? {}) as never)
    } else if (method !== undefined) {
      for (const listener of this.#listeners.get(method) ?? []) listener((params ?? {}) as never, sessionId)
    }
  }
}
