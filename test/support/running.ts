import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Message, Session } from '../../src/shared/documents.ts'
import { REAL_DEFAULTS, rules } from '../../src/server/replies/index.ts'
import { createSwitchboard, type Switchboard, type SwitchboardOptions } from '../../src/server/switchboard.ts'
import { createIds, createLog, manualClock, type ManualClock } from '../../src/server/system/index.ts'
import { signedRequest } from '../webhooks/signed-request.ts'

export const TOKEN = 'a-token-for-tests'
export const ACCOUNT = `AC${'0'.repeat(32)}`
export const BUSINESS = '+15703251809'
export const ANN = '+1234567890'
export const BEN = '+1987654321'

export interface Running {
  clock: ManualClock
  switchboard: Switchboard
  /** Log lines without their time. */
  lines: string[]
  folder: string
  /** Posts a signed webhook and resolves with its HTTP status. */
  post(path: string, params: Record<string, string>): Promise<{ status: number; body: string }>
  sms(from: string, body: string, sid?: string): Promise<string>
  sessions(): Session[]
  /** The session whose last message is the latest; throws when there is none. */
  newest(): Session
  messages(session: Session | undefined): Promise<Message[]>
  /** Stops it and starts another on the same folder. */
  restart(): Promise<void>
  close(): Promise<void>
}

let made = 0
/** A SID like Twilio's, a new one each time. */
export const newSid = (kind = 'SM'): string => kind + String((made += 1)).padStart(32, '0')

/** A real Switchboard on a fresh folder, with a clock the test moves. */
export async function running(
  at = '2025-01-15T10:00:00.000Z',
  more: Partial<SwitchboardOptions> = {},
): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'switchboard-'))
  const clock = manualClock(Date.parse(at))
  const lines: string[] = []
  const log = createLog({ clock, sinks: [(line) => lines.push(line.slice(25).trimEnd())] })
  const open = (): Promise<Switchboard> =>
    createSwitchboard({
      world: 'real',
      folder: join(folder, 'data'),
      clock,
      ids: createIds(clock),
      log,
      credentials: () => ({ accountSid: ACCOUNT, authToken: TOKEN }),
      webhookPorts: [0],
      version: 'test',
      replies: { responder: rules, defaults: REAL_DEFAULTS },
      ...more,
    })
  const r: Running = {
    clock,
    switchboard: await open(),
    lines,
    folder,
    async post(path, params) {
      const { url, headers, body } = signedRequest(
        r.switchboard.webhooks,
        path,
        { AccountSid: ACCOUNT, ...params },
        TOKEN,
      )
      const response = await fetch(url, { method: 'POST', headers, body })
      return { status: response.status, body: await response.text() }
    },
    async sms(from, body, sid = newSid()) {
      const { status } = await r.post('/webhooks/sms', {
        MessageSid: sid,
        From: from,
        To: BUSINESS,
        Body: body,
      })
      if (status !== 200) throw new Error(`the webhook was answered with ${String(status)}`)
      return sid
    },
    sessions: () => r.switchboard.store.sessions({}).sessions,
    newest() {
      const [newest] = r.sessions()
      if (!newest) throw new Error('there is no session')
      return newest
    },
    messages: async (session) => (session ? r.switchboard.store.messages([session._id]) : []),
    async restart() {
      await r.switchboard.close()
      r.switchboard = await open()
    },
    async close() {
      await r.switchboard.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
  return r
}
