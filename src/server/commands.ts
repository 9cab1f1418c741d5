import { z } from 'zod'
import { SwitchboardError } from '../shared/errors.ts'
import { IMPORT_FORMATS, importFile, type ImportResult, runImport } from './imports/index.ts'
import type { SessionActs } from './intake/acts.ts'
import type { Intake } from './intake/types.ts'
import type { Clock, Ids } from './ports.ts'
import { formatGap, parseGap } from './sessions/index.ts'
import { oneSetting, type ParsedSetting, type SettingView } from './settings/catalogue.ts'
import type { FolderStore, Verdict } from './store/index.ts'
import { signatureOf } from './webhooks/signature.ts'

/** How far a long command is; told now and then. */
export type Progress = (progress: Record<string, unknown>) => void
/** A command as the control port or the command line calls it. Throws SwitchboardError. */
export type Command = (args: unknown, progress: Progress) => Promise<unknown>
export type Commands = Readonly<Record<CommandName, Command>>
export type CommandName = 'config.set' | 'import' | 'backup' | 'regroup' | 'verify' | 'simulate'

export interface CommandParts {
  /** A setting from a command or a screen. Throws SwitchboardError where it can't be. */
  parse: (key: string, value: unknown) => ParsedSetting
  store: FolderStore
  intake: Intake
  acts: SessionActs
  clock: Clock
  ids: Ids
  /** The token webhooks are signed with, and the address they are signed for; undefined where none are taken. */
  signing: () => { authToken: string; accountSid: string; base: string; address: string } | undefined
  /** Sets the simulation's clock to a time (ms) and holds it until the function given back is called; undefined outside of one. */
  setTime?: (at: number) => Promise<() => void>
}

/** The documented result of `switchboard regroup --json`. */
export interface RegroupResult {
  gap: string
  channel: string | null
  dry_run: boolean
  sessions_before: number
  sessions_after: number
}

const configSet = z.object({
  key: z.string(),
  value: z.union([z.string(), z.number(), z.boolean(), z.null()]),
})
const importArgs = z.object({
  file: z.string().min(1),
  format: z.enum(IMPORT_FORMATS).optional(),
  dry_run: z.boolean().default(false),
})
const backupArgs = z.object({ out: z.string().min(1).optional() })
const regroupArgs = z.object({
  gap: z.string(),
  channel: z.string().optional(),
  dry_run: z.boolean().default(false),
})
const verifyArgs = z.object({ repair: z.boolean().default(false) })
const simulateArgs = z.object({
  type: z.enum(['sms', 'whatsapp', 'voice']),
  from: z.string().min(1),
  to: z.string().optional(),
  body: z.string().default(''),
  at: z.number().optional(),
})

/** The commands that write. They run in the process that holds the data folder. */
export function createCommands(parts: CommandParts): Commands {
  const { store, intake, acts } = parts
  return {
    'config.set': async (args): Promise<SettingView> => {
      const { key, value } = read(configSet, args)
      const parsed = parts.parse(key, value)
      if (parsed.kind === 'gap') await acts.setGap(key, parsed.value_ms)
      else if (parsed.value === null)
        await store.commit({ why: 'setting', removed: [{ collection: 'settings', _id: key }] })
      else await store.commit({ why: 'setting', settings: [{ _id: key, value: parsed.value }] })
      return oneSetting(key, store.gaps(), store.settings())
    },

    import: async (args, progress): Promise<ImportResult> => {
      const { file, format, dry_run } = read(importArgs, args)
      return runImport({
        file: await importFile(store.disk, file),
        ...(format && { format }),
        dryRun: dry_run,
        intake,
        has: async (sid) => store.mayHave(sid) && (await store.find(sid)) !== undefined,
        channelNumber: (id) => store.channels().find((c) => c._id === id)?.number,
        progress: (p) => {
          progress({ ...p })
        },
      })
    },

    backup: async (args) => store.backup(read(backupArgs, args).out),

    regroup: async (args, progress): Promise<RegroupResult> => {
      const { gap, channel: number, dry_run } = read(regroupArgs, args)
      const ms = parseGap(gap)
      if (ms === undefined) throw new SwitchboardError('bad_gap', { value: gap })
      const channel = number === undefined ? undefined : store.channels().find((c) => c.number === number)
      if (number !== undefined && !channel) throw new SwitchboardError('no_such_channel', { number })
      const done = await acts.regroup(ms, channel, {
        dryRun: dry_run,
        onProgress: (keys, of) => {
          if (keys % 500 === 0) progress({ keys, of })
        },
      })
      return {
        gap: formatGap(ms),
        channel: number ?? null,
        dry_run,
        sessions_before: done.before,
        sessions_after: done.after,
      }
    },

    verify: async (args, progress): Promise<Verdict> => {
      const verdict = await store.verify({ repair: read(verifyArgs, args).repair, progress })
      // What was found and mended while opening the folder counts too; a torn last line of the journal is no damage.
      const mended = store
        .problems()
        .filter(({ file }) => !file.startsWith('journal'))
        .map(({ file, what, done }) => ({ where: file, what: `${what}; ${done}`, repaired: true }))
        .filter(({ where, what }) => !verdict.problems.some((p) => p.where === where && p.what === what))
      return { ...verdict, ok: verdict.ok && mended.length === 0, problems: [...mended, ...verdict.problems] }
    },

    simulate: async (args) => simulate(read(simulateArgs, args), parts),
  }
}

/** Posts a signed webhook to this very console, as Twilio would, and says what came of it; at its own time in a simulation. */
async function simulate(args: z.output<typeof simulateArgs>, parts: CommandParts): Promise<unknown> {
  const { store, signing, setTime } = parts
  const signed = signing()
  if (!signed) throw new SwitchboardError('not_configured')
  if (args.at === undefined) return post(args, signed, parts)
  if (!setTime) throw new SwitchboardError('simulation_only', { what: '--at' })
  const [newest] = store.sessions({ limit: 1 }).sessions
  if (newest && args.at < Date.parse(newest.last_message_at)) {
    const what = `The simulation has a message of ${newest.last_message_at} already, and its clock does not go back behind it.`
    throw new SwitchboardError('not_possible', { what })
  }
  const release = await setTime(args.at)
  try {
    return await post(args, signed, parts)
  } finally {
    release()
  }
}

type Signed = NonNullable<ReturnType<CommandParts['signing']>>

async function post(
  args: z.output<typeof simulateArgs>,
  signed: Signed,
  { store, ids }: CommandParts,
): Promise<unknown> {
  const to = args.to ?? store.channels()[0]?.number ?? '+15703251809'
  const sid = `${args.type === 'voice' ? 'CA' : 'SM'}${(ids.next() + ids.next()).slice(0, 32)}`
  const prefix = args.type === 'whatsapp' ? 'whatsapp:' : ''
  const params: Record<string, string> = {
    AccountSid: signed.accountSid,
    From: prefix + args.from,
    To: prefix + to,
    ApiVersion: '2010-04-01',
  }
  if (args.type === 'voice')
    Object.assign(params, { CallSid: sid, CallStatus: 'ringing', Direction: 'inbound' })
  else
    Object.assign(params, {
      MessageSid: sid,
      SmsMessageSid: sid,
      SmsSid: sid,
      Body: args.body,
      NumMedia: '0',
      NumSegments: '1',
      SmsStatus: 'received',
    })
  const status = await postSigned(signed, `/webhooks/${args.type}`, params)
  if (status !== 200)
    throw new SwitchboardError('not_possible', {
      what: `The console answered the webhook with ${String(status)}. Its log says why.`,
    })
  if (args.type === 'voice' && args.body !== '') {
    const voicemail = {
      ...params,
      RecordingSid: `RE${sid.slice(2)}`,
      RecordingUrl: '',
      RecordingDuration: '5',
      TranscriptionText: args.body,
      TranscriptionStatus: 'completed',
    }
    await postSigned(signed, '/webhooks/voice/transcription', voicemail)
  }
  const message = await store.find(sid)
  return { sid, session: message?.session_id ?? null }
}

/** Posts a form to a path of this console, signed for the address Twilio would have used. Resolves with the HTTP status. */
async function postSigned(
  { authToken, base, address }: { authToken: string; base: string; address: string },
  path: string,
  params: Record<string, string>,
): Promise<number> {
  const signature = signatureOf(authToken, base + path, new Map(Object.entries(params)))
  const response = await fetch(address + path, {
    method: 'POST',
    headers: { 'x-twilio-signature': signature },
    body: new URLSearchParams(params),
  })
  await response.arrayBuffer()
  return response.status
}

function read<S extends z.ZodType>(schema: S, args: unknown): z.output<S> {
  const parsed = schema.safeParse(args)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new SwitchboardError('bad_request', {
    what: `${issue?.path.join('.') ?? 'The command'}: ${issue?.message ?? 'not as expected'}.`,
  })
}
