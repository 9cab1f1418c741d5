import type { Message } from '../../src/shared/documents.ts'
import type { Intake, Source, Taken } from '../../src/server/intake/types.ts'
import {
  type ImportFile,
  type ImportFormat,
  type ImportResult,
  runImport,
} from '../../src/server/imports/index.ts'

/** What reached the intake, by SID, as `[kind, time, what]`; each SID once, as the real one has it. */
export class FakeIntake {
  readonly taken = new Map<string, [string, string, unknown]>()
  /** SIDs of what came with the time of another program's clock. */
  readonly foreign = new Set<string>()
  /** Most that were under way at once. */
  most = 0
  #underWay = 0
  failOn: (sid: string) => Error | undefined = () => undefined

  readonly intake = {
    message: (m, source) => this.#take('message', m.sid, source, m),
    sentElsewhere: (m, source) => this.#take('sent', m.sid, source, m),
    callBegan: (c, source) => this.#take('call', c.call_sid, source, c),
    voicemail: (v, source) => this.#take('voicemail', v.recording_sid, source, v),
    transcript: (t, source) => this.#take('transcript', `${t.recording_sid} transcript`, source, t),
    spoken: (s, source) => this.#take('spoken', `${s.call_sid}:${s.event}`, source, s),
    callProgress: async (p) => {
      await this.#take('progress', `${p.call_sid} progress`, { kind: 'webhook' }, p)
    },
    status: async () => {},
    outgoing: () => Promise.reject(new Error('an import sends nothing')),
  } satisfies Intake

  async #take(kind: string, sid: string, source: Source, what: unknown): Promise<Taken> {
    this.most = Math.max(this.most, ++this.#underWay)
    await new Promise(setImmediate)
    this.#underWay -= 1
    const failure = this.failOn(sid)
    if (failure) throw failure
    const fresh = !this.taken.has(sid)
    if (source.kind === 'history' && source.foreign) this.foreign.add(sid)
    if (fresh)
      this.taken.set(sid, [kind, source.kind === 'webhook' ? '' : new Date(source.at).toISOString(), what])
    return { fresh, session: 's', message: { sid } as Message }
  }
}

/** A file in memory that comes in pieces of `size` bytes. */
export function fileOf(content: string | Uint8Array, size = 64 * 1024): ImportFile {
  const bytes = Buffer.from(content)
  return {
    name: 'file',
    bytes: bytes.byteLength,
    async *open() {
      for (let at = 0; at < bytes.byteLength; at += size) {
        await Promise.resolve()
        yield bytes.subarray(at, at + size)
      }
    },
  }
}

export interface Run {
  format?: ImportFormat
  dryRun?: boolean
  chunk?: number
  numbers?: Record<string, string>
}

export function importInto(
  into: FakeIntake,
  content: string | Uint8Array,
  run: Run = {},
): Promise<ImportResult> {
  return runImport({
    file: fileOf(content, run.chunk),
    ...(run.format && { format: run.format }),
    dryRun: run.dryRun === true,
    intake: into.intake,
    has: (sid) => Promise.resolve(into.taken.has(sid)),
    channelNumber: (id) => run.numbers?.[id],
  })
}
