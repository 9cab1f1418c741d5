import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import type { Message, Session } from '../../src/shared/documents.ts'
import type { SwitchboardOptions } from '../../src/server/switchboard.ts'
import { inconsistencies } from '../kill/check.ts'
import { ANN, BEN, BUSINESS, newSid, running, type Running } from '../support/running.ts'

/** Small journals, so that a test sees rotations and checkpoints. */
export const SMALL = { recordsPerFile: 5, recordsPerCheckpoint: 15 }

/** A running console, closed when the test is over. */
export async function bed(more: Partial<SwitchboardOptions> = {}, at?: string): Promise<Running> {
  const r = await running(at, { store: SMALL, ...more })
  onTestFinished(() => r.close().catch(() => undefined))
  return r
}

export async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'switchboard-faults-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return join(folder, 'data')
}

/** What a SIGKILL now would leave behind, in a folder of its own. */
export async function asIfKilled(folder: string): Promise<string> {
  const copy = await freshFolder()
  await cp(folder, copy, { recursive: true })
  // It names this very process, which lives.
  await rm(join(copy, 'running.json'), { force: true })
  return copy
}

/** Some history: texts, WhatsApp and calls of two contacts over an hour, a close, a gap, a setting. */
export async function someHistory(r: Running): Promise<string[]> {
  const sids: string[] = []
  for (let n = 0; n < 24; n++) {
    r.clock.advance(n % 5 === 4 ? 400_000 : 60_000)
    const from = n % 2 === 0 ? ANN : BEN
    if (n % 6 === 5) {
      const sid = newSid('CA')
      await expectTaken(r, '/webhooks/voice', {
        CallSid: sid,
        From: from,
        To: BUSINESS,
        CallStatus: 'ringing',
      })
      sids.push(sid)
    } else if (n % 6 === 4) {
      const sid = newSid()
      const to = { From: `whatsapp:${from}`, To: `whatsapp:${BUSINESS}` }
      await expectTaken(r, '/webhooks/whatsapp', { MessageSid: sid, ...to, Body: `number ${n}` })
      sids.push(sid)
    } else sids.push(await r.sms(from, `number ${n} – grüße 👋`))
  }
  await r.switchboard.acts.close(r.newest()._id)
  await r.switchboard.acts.setGap('sessions.gap.whatsapp', 600_000)
  await r.switchboard.commands['config.set']({ key: 'privacy.log_bodies', value: false }, () => undefined)
  return sids
}

async function expectTaken(r: Running, path: string, params: Record<string, string>): Promise<void> {
  expect((await r.post(path, params)).status).toBe(200)
}

/** All that a person could see of it. */
export async function everything(
  r: Running,
): Promise<{ sessions: Session[]; messages: Message[]; rest: unknown }> {
  const { store } = r.switchboard
  const { sessions } = store.sessions({})
  return {
    sessions,
    messages: await store.messages(sessions.map((s) => s._id)),
    rest: {
      channels: store.channels(),
      gaps: store.gaps(),
      settings: [...store.settings()],
      acts: [...store.keys()].flatMap((key) => store.key(key).acts.acts).sort((a, b) => a.order - b.order),
    },
  }
}

/** The store is of one piece: the rule, the counts, the documents. */
export async function expectSound(r: Running): Promise<void> {
  expect((await inconsistencies(r.switchboard.store)).wrong).toEqual([])
  expect((await r.switchboard.store.verify()).problems).toEqual([])
}

/** Every file under a folder with what is in it. */
export async function filesOf(folder: string): Promise<Map<string, string>> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return new Map(
    await Promise.all(
      files.sort().map(async (file) => [relative(folder, file), await readFile(file, 'base64')] as const),
    ),
  )
}
