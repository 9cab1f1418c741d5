import type * as Electron from 'electron'
import type { EventEmitter } from 'node:events'
import type { Method, Protocol } from './cdp.ts'
import { fromAlias, handlerOf, missingPrivilege, toAlias } from './protocol.ts'
import { emitPreventable } from './strict.ts'

type Send = <M extends Method>(
  method: M,
  params: Protocol.CommandParameters[M],
) => Promise<Protocol.CommandReturnValues[M]>
type Paused = Protocol.Events['Fetch.requestPaused']

/** Every request of one page: navigation is asked for, custom schemes are answered by the app's handler. */
export class PageRequests {
  readonly #contents: EventEmitter & Pick<Electron.WebContents, 'getURL'>
  readonly #send: Send
  #own = 0

  constructor(contents: EventEmitter & Pick<Electron.WebContents, 'getURL'>, send: Send) {
    this.#contents = contents
    this.#send = send
  }

  /** The next navigation is the app's (loadURL, reload), for which Electron emits no will-navigate. */
  expectOwn(): void {
    this.#own += 1
  }

  async paused(paused: Paused, mainFrame: string): Promise<void> {
    const { requestId, resourceType, frameId } = paused
    const url = fromAlias(paused.request.url)
    if (resourceType === 'Document' && !this.#mayNavigate(paused, url, frameId === mainFrame)) {
      await this.#send('Fetch.fulfillRequest', { requestId, responseCode: 204 })
      return
    }
    const scheme = new URL(url).protocol.slice(0, -1)
    const handler = handlerOf(scheme)
    if (!handler) {
      await this.#send('Fetch.continueRequest', { requestId })
      return
    }
    try {
      const missing = missingPrivilege(scheme, resourceType)
      if (missing !== null)
        throw new Error(`Electron stand-in: ${url} needs the scheme's privilege ${missing}`)
      await this.#fulfil(requestId, await handler(asRequest(url, paused)))
    } catch (error) {
      console.error(error)
      await this.#send('Fetch.failRequest', { requestId, errorReason: 'Failed' })
    }
  }

  #mayNavigate(paused: Paused, url: string, isMainFrame: boolean): boolean {
    const details = { url, isMainFrame, isSameDocument: false, initiator: null, frame: null }
    if (paused.redirectedRequestId !== undefined) {
      return emitPreventable(this.#contents, 'will-redirect', details, url)
    }
    if (isMainFrame && this.#own > 0) {
      this.#own -= 1
      return true
    }
    const mayFrame = emitPreventable(this.#contents, 'will-frame-navigate', details)
    const may = !isMainFrame || emitPreventable(this.#contents, 'will-navigate', details, url)
    if (mayFrame && may && isMainFrame) this.#contents.emit('did-start-navigation', details)
    return mayFrame && may
  }

  async #fulfil(requestId: string, response: Response): Promise<void> {
    const body = Buffer.from(await response.arrayBuffer()).toString('base64')
    await this.#send('Fetch.fulfillRequest', {
      requestId,
      responseCode: response.status,
      responseHeaders: [...response.headers].map(([name, value]) => ({ name, value: aliased(name, value) })),
      body,
    })
  }
}

/** A policy that names the app's own scheme means its alias. */
const aliased = (name: string, value: string): string =>
  name === 'content-security-policy' ? value.replaceAll(/\bapp:\/\/\w+/g, toAlias) : value

function asRequest(url: string, { request }: Paused): Request {
  const { method, headers, postData } = request
  const hasBody = method !== 'GET' && method !== 'HEAD'
  return new Request(url, { method, headers, ...(hasBody ? { body: postData ?? '' } : {}) })
}
