import type { Clock, Log, LogLevel } from '../ports.ts'
import { oneLine } from './escape.ts'

/** Where lines go. Must neither throw nor wait. */
export type LogSink = (line: string) => void

/** What the settings `privacy.log_numbers` and `privacy.log_bodies` say now: false hides. */
export interface LogPrivacy {
  numbers: boolean
  bodies: boolean
}

export interface LogOptions {
  clock: Pick<Clock, 'now'>
  sinks: readonly LogSink[]
  /** Asked for every line, so that a setting counts from the moment it is changed. */
  privacy?: () => LogPrivacy
  /** Lines below it are left out. */
  level?: LogLevel
}

const RANK: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 }
/** Characters of a line; a request may carry 64 kB, and a log is read by people. */
const LONGEST_LINE = 8_000
const SHOW_ALL: LogPrivacy = { numbers: true, bodies: true }

/**
 * The one logger. A line is `<ISO time> [info] text`, and always one line, whatever the text holds.
 * It throws nothing: a log that can't be written must never stop what it tells of.
 */
export function createLog({ clock, sinks, privacy = () => SHOW_ALL, level = 'info' }: LogOptions): Log {
  const write = (of: LogLevel, text: string): void => {
    if (RANK[of] < RANK[level]) return
    const line = `${new Date(clock.now()).toISOString()} [${of}] ${oneLine(shortened(text))}\n`
    for (const sink of sinks) {
      try {
        sink(line)
      } catch {
        // Nobody is left to tell.
      }
    }
  }
  return {
    debug: (text) => write('debug', text),
    info: (text) => write('info', text),
    warn: (text) => write('warn', text),
    error: (text, cause) => write('error', cause === undefined ? text : `${text}: ${reasonOf(cause)}`),
    person: (value) => (privacy().numbers ? oneLine(value) : maskPerson(value)),
    body: (value) => (privacy().bodies ? oneLine(value) : maskBody(value)),
  }
}

/** "+1••••••890": enough to tell two numbers apart on a screen, not enough to ring one. Names are hidden whole. */
export function maskPerson(value: string): string {
  if (!/^\+?[\d ().-]{7,}$/.test(value)) return '•••'
  return value.slice(0, 2) + '•'.repeat(value.length - 5) + value.slice(-3)
}

/** "(12 characters)", counted as a person counts them. */
export function maskBody(value: string): string {
  const count = graphemes(value)
  return count === 1 ? '(1 character)' : `(${count} characters)`
}

function shortened(text: string): string {
  if (text.length <= LONGEST_LINE) return text
  return `${text.slice(0, LONGEST_LINE)}… (${text.length - LONGEST_LINE} characters more)`
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const inner = cause.cause === undefined ? '' : ` (${reasonOf(cause.cause)})`
  // The stack begins with name and message; of errors people can meet the sentence says it all.
  return 'code' in cause && cause.name === 'SwitchboardError'
    ? cause.message + inner
    : (cause.stack ?? cause.message) + inner
}

let segmenter: Intl.Segmenter | undefined
/** Made when first needed: it loads tables that few runs need. */
function graphemes(text: string): number {
  segmenter ??= new Intl.Segmenter()
  return Array.from(segmenter.segment(text)).length
}
