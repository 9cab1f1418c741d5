/**
 * What the desktop app needs of the server, and nothing else: so that its tests run on a host of their own, and the
 * real one (src/server/switchboard.ts) is joined in one place, open-host.ts.
 */
import type { FeedEvent, Result } from '../shared/contract.ts'
import type { AccountKeeper } from '../server/account.ts'
import type { Log } from '../server/ports.ts'

/** One screen as the console sees it. `send` never waits: how fast the screen reads is the transport's affair. */
export interface ConsoleClient {
  readonly id: string
  send(event: FeedEvent): void
}

export interface MediaFile {
  /** Bytes. */
  readonly size: number
  /** The bytes from `start` to `end`, both included. */
  read(start: number, end: number): Promise<Uint8Array>
}

export interface ConsoleHost {
  readonly console: {
    handle(envelope: unknown, client: ConsoleClient): Promise<Result<unknown>>
    leave(clientId: string): void
  }
  readonly log: Log
  readonly folders: { readonly data: string; readonly logs: string }
  /** A stored attachment by the path under app://media/, or null when there is none. */
  media(path: string): Promise<MediaFile | null>
  /** The machine slept: time has passed that no timer has seen. */
  sleep(): void
  wake(): void
  /** The same screens over HTTP on 127.0.0.1, for the person's own browser; resolves to their address while on. */
  setBrowserConsole(on: boolean): Promise<string | null>
  /** Finishes what is under way, then lets go of the data folder. */
  close(): Promise<void>
}

export interface HostOptions {
  /** The app's own folder (Electron's userData). */
  userData: string
  dataFolder: string
  /** null: the default one, or the next that is free; 0: any. */
  webhookPort: number | null
  /** The built page, for the browser console. */
  pageFolder: string
  /** The address Twilio calls, when the operator has one; null otherwise. */
  publicUrl: string | null
  /** A tunnel provider's name, or empty for none. */
  tunnel: string
  /** Where the account is kept. */
  account: AccountKeeper
  version: string
}

/** Throws SwitchboardError when the data folder can't be opened (in use, newer, unwritable). */
export type OpenHost = (options: HostOptions) => Promise<ConsoleHost>
