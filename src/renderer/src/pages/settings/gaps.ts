import type { SettingsView } from '../../../../shared/contract.ts'
import type { Medium } from '../../../../shared/documents.ts'
import { duration } from '../../words.ts'

/** What the screens offer; any gap from 1 s to 24 h can be typed. */
export const OFFERED = ['1m', '2m', '5m', '10m', '15m', '30m', '1h', '2h', '4h'] as const

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** "5m" in words: 5 min. What is no gap stays as it is. */
export function gapWords(text: string): string {
  const [, amount, unit] = /^(\d+)(ms|s|m|h)$/.exec(text) ?? []
  const length = Number(amount) * (UNITS[unit ?? ''] ?? NaN)
  if (Number.isNaN(length)) return text
  return length % 1000 === 0 ? duration(length) : `${length} ms`
}

/** A number alone is minutes here, as the gaps beside the field are; commands take it as seconds. */
export const typedGap = (text: string): string => (/^\d+(\.\d+)?$/.test(text) ? `${text}m` : text)

/** Name of a gap setting: of all channels or one, for all media or one. */
export function gapKey(channel: string | null, medium: Medium | null): string {
  return `${channel === null ? '' : `channels.${channel}.`}sessions.gap${medium === null ? '' : `.${medium}`}`
}

export const generalGap = ({ gaps, gap_default }: SettingsView): string => gaps['sessions.gap'] ?? gap_default

/** The gap that holds where this one is not set: of the less specific ones the most specific. */
export function followed(settings: SettingsView, channel: string | null, medium: Medium | null): string {
  const { gaps } = settings
  const keys: string[] = []
  if (channel !== null && medium !== null) keys.push(gapKey(channel, null), gapKey(null, medium))
  const set = keys.find((key) => gaps[key] !== undefined)
  return (set === undefined ? undefined : gaps[set]) ?? generalGap(settings)
}

/** The gap that holds in a channel for a medium. */
export const gapInForce = (settings: SettingsView, channel: string, medium: Medium): string =>
  settings.gaps[gapKey(channel, medium)] ?? followed(settings, channel, medium)
