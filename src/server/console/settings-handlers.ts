import type { Handlers, SettingsView, Template } from '../../shared/contract.ts'
import type { Channel } from '../../shared/documents.ts'
import { SwitchboardError } from '../../shared/errors.ts'
import type { SessionActs } from '../intake/acts.ts'
import type { Clock, Ids } from '../ports.ts'
import { DEFAULT_GAP_MS, formatGap } from '../sessions/index.ts'
import type { Store } from '../store/types.ts'
import { expectUntouched, type Undo } from './undo.ts'
import { TEMPLATES } from './views.ts'

/** A setting as the catalogue understood it. */
export type ParsedSetting = { kind: 'gap'; value_ms: number | null } | { kind: 'value'; value: unknown }

interface Parts {
  store: Store
  acts: SessionActs
  clock: Clock
  ids: Ids
  undo: Undo
  /** Throws SwitchboardError no_such_setting, bad_setting or bad_gap. */
  parse: (key: string, value: unknown) => ParsedSetting
  view: () => SettingsView
}

/** What was changed, as the screen names it. */
function changedWords(key: string, { kind }: ParsedSetting): string {
  if (kind === 'gap') return 'Session gap changed'
  return Object.hasOwn(CHANGED, key) ? `${CHANGED[key as keyof typeof CHANGED]} changed` : 'Setting changed'
}

const CHANGED = {
  'replies.enabled': 'Automatic answers',
  'replies.greeting': 'Greeting',
  'replies.keywords': 'Keywords',
  'replies.hours': 'Opening hours',
  'replies.acknowledgement': 'Answer when nothing else fits',
  'replies.limit': 'Limit of automatic answers',
} as const

/** Settings, templates and the names of channels. */
export function settingsHandlers({
  store,
  acts,
  clock,
  ids,
  undo,
  parse,
  view,
}: Parts): Pick<
  Handlers,
  | 'settings.get'
  | 'settings.set'
  | 'templates.list'
  | 'templates.save'
  | 'templates.remove'
  | 'channels.list'
  | 'channels.save'
> {
  /** A screen has a name of its own for the setting, so the key is none of its reader's business. */
  function parsedFor(key: string, value: unknown): ParsedSetting {
    try {
      return parse(key, value)
    } catch (error) {
      if (!(error instanceof SwitchboardError) || error.code !== 'bad_setting') throw error
      throw new SwitchboardError('bad_value', { why: error.details['why'] ?? '' })
    }
  }

  async function set(key: string, parsed: ParsedSetting): Promise<void> {
    if (parsed.kind === 'gap') await acts.setGap(key, parsed.value_ms)
    else if (parsed.value === null)
      await store.commit({ why: 'setting', removed: [{ collection: 'settings', _id: key }] })
    else await store.commit({ why: 'setting', settings: [{ _id: key, value: parsed.value }] })
  }

  const held = (key: string): unknown => gapsInForce(store)[key] ?? store.settings().get(key) ?? null

  const templates = (): Template[] => (store.settings().get(TEMPLATES) as Template[] | undefined) ?? []
  const putTemplates = (all: Template[]): Promise<number> =>
    store.commit({ why: 'templates', settings: [{ _id: TEMPLATES, value: all }] })
  const save = (template: Template): Promise<number> => {
    const others = templates().filter((t) => t._id !== template._id)
    return putTemplates([...others, template].sort((a, b) => a.name.localeCompare(b.name)))
  }

  return {
    'settings.get': () => view(),

    'settings.set': async ({ key, value, from }) => {
      if (value === undefined)
        throw new SwitchboardError('bad_request', { what: 'settings.set: value: is missing.' })
      if (from !== undefined && JSON.stringify(view().values[key]) !== JSON.stringify(from))
        throw new SwitchboardError('setting_changed')
      const before = held(key)
      const parsed = parsedFor(key, value)
      const setting = set(key, parsed)
      // As it holds in memory now: another change may come before the disk has this one.
      const wanted = JSON.stringify(held(key))
      await setting
      return undo.keep(changedWords(key, parsed), null, () => {
        expectUntouched(JSON.stringify(held(key)) === wanted)
        return set(key, parsedFor(key, before))
      })
    },

    'templates.list': () => templates(),

    'templates.save': async ({ id, name, body, from }) => {
      const now = templates().find((t) => t._id === id)
      // One that was removed meanwhile is not made again behind the back of whoever removed it.
      if (id !== undefined && !now) throw new SwitchboardError('no_such_template')
      if (now && from && (now.name !== from.name || now.body !== from.body))
        throw new SwitchboardError('setting_changed')
      const template: Template = { _id: id ?? ids.next(), name, body }
      await save(template)
      return template
    },

    'templates.remove': async ({ id }) => {
      const gone = templates().find((t) => t._id === id)
      if (!gone) throw new SwitchboardError('no_such_template')
      await putTemplates(templates().filter((t) => t._id !== id))
      return undo.keep('Template removed', null, () => save(gone))
    },

    'channels.list': () => [...store.channels()],

    'channels.save': async ({ id, name }) => {
      const channel = store.channels().find((c) => c._id === id)
      if (!channel) throw new SwitchboardError('no_such_channel', { number: id })
      const rename = (now: Channel, to: string): Promise<number> =>
        store.commit({
          why: 'channel',
          channels: [{ ...now, name: to, updatedAt: new Date(clock.now()).toISOString() }],
        })
      await rename(channel, name.trim())
      return undo.keep('Channel renamed', null, () => {
        const now = store.channels().find((c) => c._id === id)
        if (now?.name !== name.trim()) throw new SwitchboardError('undo_overtaken')
        return rename(now, channel.name)
      })
    },
  }
}

/** All settings as a screen shows them. `values` are those that are no gaps. */
export function settingsView(store: Store, values: Record<string, unknown>): SettingsView {
  return {
    gaps: gapsInForce(store),
    gap_default: formatGap(DEFAULT_GAP_MS),
    values,
    channels: [...store.channels()],
  }
}

/** The gaps that are set, as text by their key; of one key the latest change counts. */
export function gapsInForce(store: Store): Record<string, string> {
  const gaps = new Map<string, string>()
  for (const change of [...store.gaps()].sort((a, b) => a.order - b.order)) {
    if (change.key.endsWith('regroup')) continue
    if (change.value_ms === null) gaps.delete(change.key)
    else gaps.set(change.key, formatGap(change.value_ms))
  }
  return Object.fromEntries(gaps)
}
