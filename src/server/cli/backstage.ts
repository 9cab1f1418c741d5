import type { Reader } from '../store/index.ts'

/** Told of a long job now and then. */
export type Progress = (progress: unknown) => void

export interface ServeOptions {
  data: string
  /** Ports to try, in order; 0 = any. */
  webhookPorts: readonly number[]
  consolePorts: readonly number[]
  publicUrl?: string
  tunnel: 'none' | 'localtunnel'
  simulator: boolean
  env: Readonly<Record<string, string | undefined>>
}

export interface Serving {
  /** The `ready` event, fields as design §6 has them. */
  ready: {
    webhooks: string
    console: string
    data: string
    simulator?: { api: string; accountSid: string; authToken: string }
  }
  /** Whether a Twilio auth token is set, the simulator's counted. */
  hasToken: boolean
  close(): Promise<void>
}

/** Everything that changes data. The console that runs on the folder does it, or else this process. */
export interface Writer {
  call(command: string, args: Record<string, unknown>, progress: Progress): Promise<unknown>
  close(): Promise<void>
}

/** All that the commands need of the rest of Switchboard; wiring.ts has the real one. Every call throws SwitchboardError. */
export interface Backstage {
  /** Beside a running console too. Throws `no_data` when there is none; `warn` is told of what can't be read. */
  read(
    data: string,
    warn: (text: string) => void,
  ): Promise<
    Pick<Reader, 'channels' | 'contacts' | 'gaps' | 'settings' | 'session' | 'sessions' | 'messages'>
  >
  /** Writes a file of the person's choice, whole or not at all; resolves with its bytes. Throws `disk_full`, `disk_failed`. */
  save(file: string, text: AsyncIterable<string>): Promise<number>
  now(): Date
  /** `onlyRunning`: throws `not_running` where no console runs, rather than open the folder itself. */
  write(data: string, who: 'anyone' | 'onlyRunning'): Promise<Writer>
  serve(options: ServeOptions): Promise<Serving>
  /** Throws `not_while_running`, `backup_damaged`. */
  restore(data: string, file: string, progress: Progress): Promise<unknown>
}
