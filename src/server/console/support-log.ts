import type { StatusPart } from '../../shared/live.ts'

export interface SupportFacts {
  at: string
  version: string
  world: string
  counts: Readonly<Record<string, number>>
  settings: Readonly<Record<string, unknown>>
  parts: readonly StatusPart[]
  /** Lines as they are in the log, the newest last. */
  log: string
  /** Tokens of all kinds that are known: never to be seen, wherever they stand. */
  secrets: readonly string[]
  /** Names of contacts and channels, of the account and its numbers. */
  names: readonly string[]
}

const MOST_LINES = 2_000

/**
 * What a person may send to somebody who helps. Numbers keep their ends, so that two can be told apart; what people
 * wrote becomes its length, whatever the privacy settings say; secrets and names are not there.
 */
export function supportLog(facts: SupportFacts): string {
  const words = wordsOf([facts.log, ...facts.parts.map(({ sentence }) => sentence)].join(' '))
  // Of thousands of names those that can occur: looking for each in every line would take minutes.
  const names = facts.names.filter((name) => [...wordsOf(name)].every((word) => words.has(word)))
  const clean = cleaner({ secrets: facts.secrets, names })
  const lines = facts.log.split('\n').filter((line) => line !== '')
  return [
    `Switchboard ${facts.version}, ${facts.world}, ${facts.at}`,
    'Numbers, names, what people wrote and secrets were taken out.',
    '',
    '# Status',
    ...facts.parts.map(({ title, state, sentence }) => `${title}: ${state}. ${clean(sentence)}`),
    '',
    '# Counts',
    ...Object.entries(facts.counts).map(([name, count]) => `${name}: ${String(count)}`),
    '',
    '# Settings',
    ...Object.entries(facts.settings).flatMap(([key, value]) => settingLine(key, value, clean)),
    '',
    `# Log, the last ${String(Math.min(lines.length, MOST_LINES))} of ${String(lines.length)} lines read`,
    ...lines.slice(-MOST_LINES).map((line) => clean(withoutBody(line))),
    '',
  ].join('\n')
}

const wordsOf = (text: string): Set<string> => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu))

/** Words a person has written are no setting that helps anybody: on and off, figures and times are. */
function settingLine(key: string, value: unknown, clean: (text: string) => string): string[] {
  if (typeof value === 'boolean' || typeof value === 'number') return [`${clean(key)}: ${String(value)}`]
  if (typeof value === 'string')
    return [
      `${clean(key)}: ${/^(?:\d+(?:ms|s|m|h)|\d\d:\d\d-\d\d:\d\d|)$/.test(value) ? value : lengthOf(value)}`,
    ]
  return [`${clean(key)}: set`]
}

/** "SMS received from A to B: what was written", the only lines with words of people. */
const RECEIVED = /^(\S+ \[\w+\] [^:]{1,20}? received from .*?: )(.*)$/s
const withoutBody = (line: string): string =>
  line.replace(RECEIVED, (_, before: string, body: string) => `${before}${lengthOf(body)}`)

const lengthOf = (text: string): string =>
  /^\(\d+ characters?\)$/.test(text) ? text : `(${String(Array.from(text).length)} characters)`

/** What stands where a number is expected, and says who it is: sip:ann@example.com, messenger:ann.page, client:ann. */
const ADDRESS = /\b(sips?|client|messenger|rcs|mailto|instagram|user):[^\s"'),;<>]*[^\s"'),;<>:.]/gi

/** Characters nobody writes stand for what is kept while the rest is taken out. */
const FIRST_KEPT = 0xe000
const KEPT = /[\ue000-\uf8ff]/g

function cleaner({ secrets, names }: Pick<SupportFacts, 'secrets' | 'names'>): (text: string) => string {
  // The longest first, so that no part of a longer one is left behind; a single letter would tear words apart.
  const hidden = [...secrets, ...names]
    .filter((one) => one.trim().length > 1)
    .sort((a, b) => b.length - a.length)
    .map((one) => one.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
  const known = hidden.length === 0 ? undefined : new RegExp(hidden.join('|'), 'giu')
  return (text) => {
    const kept: string[] = []
    const keep = (part: string): string => {
      kept.push(part)
      return String.fromCharCode(FIRST_KEPT + kept.length - 1)
    }
    const cleaned = (known ? text.replace(known, '•••') : text)
      .replace(KEPT, '')
      // Times and our own ids of 24 are no numbers of people's.
      .replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:\.\d+)?Z/g, keep)
      .replace(/\b(?:session: |session )[0-9a-f]{24}\b/g, keep)
      .replace(/([?&#](?:token|key|secret|auth|signature|[a-z_]*token)=)[^&\s"')]+/gi, '$1•••')
      .replace(/\b(authorization|cookie|set-cookie|x-twilio-signature)(["']?\s*[:=]\s*).*$/gim, '$1$2•••')
      .replace(/\bhttps?:\/\/[^\s/@]+@/gi, 'https://•••@')
      .replace(/[\p{L}\p{N}._%+-]+@[\p{L}\p{N}.-]+\p{L}/gu, '•••')
      .replace(ADDRESS, '$1:•••')
      .replace(/\b(service|application) “[^”]*”/g, '$1 “•••”')
      .replace(/\b([A-Z]{2})[0-9a-fA-F]{28}([0-9a-fA-F]{4})\b/g, (_, kind: string, end: string) =>
        keep(`${kind}…${end}`),
      )
      // Tokens nobody told us of: long runs of letters and digits together.
      .replace(/\b(?=[\w-]*\d)(?=[\w-]*[a-z])[\w-]{20,}/gi, '•••')
      .replace(/\+?\d(?:[ ().-]{0,2}\d){6,}/g, shortened)
      .replace(/\b(from|to|for) \+?\d{3,6}\b/g, '$1 ••••')
    return cleaned.replace(KEPT, (at) => kept[at.charCodeAt(0) - FIRST_KEPT] ?? '')
  }
}

/** +1••••890. */
function shortened(number: string): string {
  const digits = number.replace(/\D/g, '')
  return `${number.startsWith('+') ? `+${digits.slice(0, 1)}` : ''}••••${digits.slice(-3)}`
}
