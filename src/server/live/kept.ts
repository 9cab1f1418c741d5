import { z } from 'zod'
import type { Addresses } from '../../shared/live.ts'
import type { Store } from '../store/types.ts'

/** What was decided about going live, and what the numbers had before: outlives the program, holds no secret. */
const NAMES = [
  'sms_url',
  'sms_method',
  'sms_fallback_url',
  'voice_url',
  'voice_method',
  'voice_fallback_url',
  'voice_fallback_method',
  'status_callback',
  'status_callback_method',
] as const satisfies readonly (keyof Addresses)[]
const some = z.partialRecord(z.enum(NAMES), z.string())
const NONE = Object.fromEntries(NAMES.map((name) => [name, ''])) as Record<keyof Addresses, ''>
/** A version before this one did not know every name: what it didn't know it didn't change. */
const all = some.transform((given): Addresses => ({ ...NONE, ...given }))

/** With the number each stands for: what is caught up with depends on it before Twilio has said anything. */
const chosen = z.array(
  z.object({ sid: z.string(), voice: z.enum(['leave', 'here']), number: z.string().default('') }),
)

const keptSchema = z.object({
  wanted: z.boolean().catch(false),
  way: z
    .object({ kind: z.enum(['none', 'localtunnel', 'address']), url: z.string() })
    .catch({ kind: 'none', url: '' }),
  /** Whether it is to be open though it is not to be live: chosen since the last time it stopped being live. */
  open: z.boolean().catch(true),
  /** Whose numbers were chosen; empty: nobody's, or kept by a version before this one. */
  chosen_of: z.string().catch(''),
  chosen: chosen.catch([]),
  /** What was chosen last of accounts that were forgotten or changed since: entered again, others' texts stay others'. */
  earlier: z.array(z.object({ account: z.string(), chosen })).catch([]),
  /**
   * Numbers we changed: what they had, what we set, and what we had set before that. Written before Twilio is asked, so
   * after a crash a number may have any of the three.
   */
  pointed: z
    .array(
      z.object({
        sid: z.string(),
        /** Empty: kept by a version before this one. */
        number: z.string().default(''),
        before: all,
        ours: some,
        was: some.optional(),
        /** Whose number it is; empty: kept by a version before this one, and taken for the present account's. */
        account: z.string().default(''),
        /** Addresses of ours that others get once we let go of them: free subdomains. */
        free: z.array(z.string()).default([]),
      }),
    )
    .catch([]),
})
export type Kept = z.infer<typeof keptSchema>

const KEY = 'live.kept'

/**
 * What of going live outlives a restore, to be put into the backup's settings: what the numbers had before they were
 * pointed here says how they stand at Twilio now, which the backup's word on the same number does not.
 */
export function keptThroughRestore(
  here: ReadonlyMap<string, unknown>,
  backup: ReadonlyMap<string, unknown>,
): { _id: string; value: unknown }[] {
  const { pointed } = readKept({ settings: () => here })
  if (pointed.length === 0) return []
  const kept = readKept({ settings: () => backup })
  const others = kept.pointed.filter(({ sid }) => !pointed.some((one) => one.sid === sid))
  return [{ _id: KEY, value: { ...kept, pointed: [...others, ...pointed] } }]
}

/** What was read stands for as long as the store holds the same: it is asked for at each look at the state. */
const read = new WeakMap<object, Kept>()

export function readKept(store: Pick<Store, 'settings'>): Kept {
  const value = store.settings().get(KEY) ?? NOTHING
  if (typeof value !== 'object') return keptSchema.parse(NOTHING)
  const known = read.get(value) ?? keptSchema.parse(value)
  read.set(value, known)
  return known
}
const NOTHING = {}

/** Addresses that led here when numbers were pointed at them. */
export const basesOf = ({ pointed }: Kept): string[] =>
  pointed
    .flatMap(({ ours, was }) => [ours.sms_url, was?.sms_url])
    .flatMap((url) => url?.replace(/\/webhooks\/(sms|whatsapp)(#.*)?$/, '') ?? [])

export const isOf = (entry: { account: string }, account: string | undefined): boolean =>
  entry.account === '' || entry.account === account

/** Resolves when it is durable. */
export async function keep(store: Pick<Store, 'settings' | 'commit'>, changes: Partial<Kept>): Promise<void> {
  await store.commit({
    why: 'going live',
    settings: [{ _id: KEY, value: { ...readKept(store), ...changes } }],
  })
}
