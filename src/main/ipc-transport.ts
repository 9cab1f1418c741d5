/** Carries the contract over Electron's IPC: the main process's half of the renderer's IpcTransport. */
import type { IpcMain, WebContents } from 'electron'
import { z } from 'zod'
import { requestEnvelope, type FeedEvent, type RequestEnvelope, type Result } from '../shared/contract.ts'
import { FeedLine } from './feed-line.ts'
import type { ConsoleClient, ConsoleHost } from './host.ts'
import { FEED_CHANNEL, FEED_TAKEN_CHANNEL, REQUEST_CHANNEL } from './ipc-channels.ts'
import { failure, handleRequests } from './ipc-handlers.ts'

/** Answers what the machine itself is asked for (`app.…`), or returns null for what is the console's. */
export type AppRequests = (envelope: RequestEnvelope, from: WebContents) => Promise<Result<unknown>> | null

export interface IpcTransportOptions {
  ipcMain: Pick<IpcMain, 'handle'>
  console: ConsoleHost['console']
  appRequests: AppRequests
}

interface Line {
  feed: FeedLine
  client: ConsoleClient
}

/** The windows' side of the console. A window takes part from `attach` until it is closed. */
export class IpcTransport {
  readonly #options: IpcTransportOptions
  readonly #lines = new Map<number, Line>()
  #loads = 0

  constructor(options: IpcTransportOptions) {
    this.#options = options
    // The console parses what it is asked, whatever carried it, and says what is wrong with it in the same words.
    handleRequests(options.ipcMain, REQUEST_CHANNEL, z.unknown(), (envelope, { sender }) =>
      this.#answer(envelope, sender),
    )
    handleRequests(options.ipcMain, FEED_TAKEN_CHANNEL, z.undefined(), (_input, { sender }) => {
      this.#lines.get(sender.id)?.feed.taken()
      return { ok: true, value: null }
    })
  }

  attach(contents: WebContents): void {
    const { id } = contents
    const feed = new FeedLine((batch) => {
      if (!contents.isDestroyed()) contents.send(FEED_CHANNEL, batch)
    })
    this.#lines.set(id, { feed, client: this.#client(id, feed) })
    contents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
      if (isMainFrame && !isSameDocument) this.#restart(id)
    })
    contents.on('render-process-gone', () => this.#restart(id))
    contents.once('destroyed', () => this.#detach(id))
  }

  /** Tells every window, or one of them, something that does not come from the console's feed. */
  tell(event: FeedEvent, contents?: WebContents): void {
    for (const [id, { client }] of this.#lines) {
      if (contents === undefined || contents.id === id) client.send(event)
    }
  }

  async #answer(envelope: unknown, sender: WebContents): Promise<Result<unknown>> {
    const line = this.#lines.get(sender.id)
    if (!line) return failure({ code: 'not_possible', message: 'This window is being closed.' })
    const read = requestEnvelope.safeParse(envelope)
    const own = read.success ? this.#options.appRequests(read.data, sender) : null
    return own ?? this.#options.console.handle(envelope, line.client)
  }

  /** A page that loads again is another client: what was under way for the last one must not reach it. */
  #client(id: number, feed: FeedLine): ConsoleClient {
    this.#loads += 1
    const client = {
      id: `window-${id}-${this.#loads}`,
      send: (event: FeedEvent) => {
        if (this.#lines.get(id)?.client === client) feed.send(event)
      },
    }
    return client
  }

  #restart(id: number): void {
    const line = this.#lines.get(id)
    if (!line) return
    this.#options.console.leave(line.client.id)
    line.feed.restart()
    line.client = this.#client(id, line.feed)
  }

  #detach(id: number): void {
    const line = this.#lines.get(id)
    if (!line) return
    this.#lines.delete(id)
    line.feed.restart()
    this.#options.console.leave(line.client.id)
  }
}
