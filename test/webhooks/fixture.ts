import { onTestFinished } from 'vitest'
import type { Intake, Taken } from '../../src/server/intake/types.ts'
import type { Log } from '../../src/server/ports.ts'
import { manualClock, type ManualClock } from '../../src/server/system/clock.ts'
import { createWebhooks, type WebhooksOptions } from '../../src/server/webhooks/app.ts'
import type { Credentials } from '../../src/server/webhooks/gate.ts'
import { signedRequest, type TestParams } from './signed-request.ts'

export const TOKEN = '0123456789abcdef0123456789abcdef'
export const ACCOUNT = `AC${'b'.repeat(32)}`
export const PUBLIC = 'https://shop.example.com'

export const TEXT = {
  MessageSid: `SM${'1'.repeat(32)}`,
  SmsMessageSid: `SM${'1'.repeat(32)}`,
  SmsSid: `SM${'1'.repeat(32)}`,
  AccountSid: ACCOUNT,
  From: '+12345678900',
  To: '+15703251809',
  Body: 'Hello',
  NumMedia: '0',
  NumSegments: '1',
  SmsStatus: 'received',
  ApiVersion: '2010-04-01',
}

export const CALL = {
  CallSid: `CA${'1'.repeat(32)}`,
  AccountSid: ACCOUNT,
  From: '+12345678900',
  To: '+15703251809',
  CallStatus: 'ringing',
  Direction: 'inbound',
}

/** One call of the intake: the method and what it was given. */
export interface Kept {
  by: keyof Intake
  what: unknown
  source?: unknown
}

/** An intake that only writes down what it was given; `before` may delay or fail it. */
export function memoryIntake(before: () => Promise<void> = async () => {}): { intake: Intake; kept: Kept[] } {
  const kept: Kept[] = []
  const taken = {} as Taken // The webhooks look at nothing of it.
  const keep =
    (by: keyof Intake) =>
    async (what: unknown, source?: unknown): Promise<Taken> => {
      await before()
      kept.push(source === undefined ? { by, what } : { by, what, source })
      return taken
    }
  const silent = (by: keyof Intake) => async (what: unknown) => {
    await keep(by)(what)
  }
  const intake: Intake = {
    message: keep('message'),
    sentElsewhere: keep('sentElsewhere'),
    callBegan: keep('callBegan'),
    callProgress: silent('callProgress'),
    voicemail: keep('voicemail'),
    transcript: keep('transcript'),
    outgoing: keep('outgoing'),
    spoken: keep('spoken'),
    status: silent('status'),
  }
  return { intake, kept }
}

export interface Line {
  level: 'debug' | 'info' | 'warn' | 'error'
  text: string
}

export function memoryLog(): { log: Log; lines: Line[] } {
  const lines: Line[] = []
  const at = (level: Line['level']) => (text: string) => void lines.push({ level, text })
  const log: Log = {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    person: (value) => value,
    body: (value) => value,
  }
  return { log, lines }
}

export interface Running {
  /** http://127.0.0.1:<port>: where to connect, not what is signed. */
  local: string
  port: number
  kept: Kept[]
  lines: Line[]
  clock: ManualClock
  taken: { path: string; at: number }[]
  /** Posts params signed for `PUBLIC`, with whatever is changed of the request. */
  post(
    path: string,
    params: TestParams,
    change?: { headers?: Record<string, string>; body?: BodyInit },
  ): Promise<Response>
  /** Posts as it stands, unsigned. */
  raw(path: string, init?: RequestInit): Promise<Response>
  close(): Promise<void>
}

export interface RunOptions extends Partial<Omit<WebhooksOptions, 'intake' | 'log' | 'clock'>> {
  before?: () => Promise<void>
  clock?: ManualClock
}

/** The real server on a free port; closed when the test is over. */
export async function run({ before, ...options }: RunOptions = {}): Promise<Running> {
  const { intake, kept } = memoryIntake(before)
  const { log, lines } = memoryLog()
  const clock = options.clock ?? manualClock(Date.UTC(2025, 0, 15, 10))
  const taken: Running['taken'] = []
  const ours: Credentials = { authTokens: [TOKEN], accountSid: ACCOUNT }
  const webhooks = createWebhooks({
    intake,
    log,
    credentials: () => ours,
    publicBases: () => [PUBLIC],
    onTaken: (event) => void taken.push(event),
    ...options,
    clock,
  })
  const open = await webhooks.listen(0)
  let isOpen = true
  const close = async () => {
    if (isOpen) await open.close()
    isOpen = false
  }
  onTestFinished(close)
  const local = `http://127.0.0.1:${open.port}`
  return {
    local,
    port: open.port,
    kept,
    lines,
    clock,
    taken,
    post(path, params, change = {}) {
      const { url: _, headers, ...init } = signedRequest(PUBLIC, path, params, TOKEN)
      return fetch(local + path, { ...init, ...change, headers: { ...headers, ...change.headers } })
    },
    raw: (path, init) => fetch(local + path, { method: 'POST', ...init }),
    close,
  }
}
