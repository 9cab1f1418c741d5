import { randomBytes } from 'node:crypto'
import { Refusal } from './errors.ts'

/** A template of the Content API. */
export interface SimContent {
  sid: string
  friendly_name: string
  language: string
  body: string
  /** Name to example. */
  variables: Record<string, string>
  type: 'twilio/text' | 'twilio/quick-reply'
  /** What WhatsApp says of it. */
  approval: 'approved' | 'pending' | 'rejected'
}

const SAMPLES: readonly Omit<SimContent, 'sid'>[] = [
  {
    friendly_name: 'order_ready',
    language: 'en',
    body: 'Hello {{1}}, your order {{2}} is ready. We are open until {{3}}.',
    variables: { 1: 'Ann', 2: '1042', 3: '18:00' },
    type: 'twilio/text',
    approval: 'approved',
  },
  {
    friendly_name: 'may_we_write',
    language: 'en',
    body: 'You asked us something the other day. May we write to you about it here?',
    variables: {},
    type: 'twilio/quick-reply',
    approval: 'approved',
  },
  {
    friendly_name: 'spring_sale',
    language: 'en',
    body: '{{1}}, everything is a fifth off until Sunday.',
    variables: { 1: 'Ann' },
    type: 'twilio/text',
    approval: 'pending',
  },
]

interface WithContents {
  readonly contents: ReadonlyMap<string, SimContent>
}

export function sampleContents(): Map<string, SimContent> {
  const all = SAMPLES.map((content) => ({ ...content, sid: `HX${randomBytes(16).toString('hex')}` }))
  return new Map(all.map((content) => [content.sid, content]))
}

export function isApproved({ contents }: WithContents, sid = ''): boolean {
  return contents.get(sid)?.approval === 'approved'
}

/** What a template comes to with these variables (JSON), or the refusal that Twilio would answer with. */
export function writtenContent({ contents }: WithContents, sid: string, json: string): string {
  const content = contents.get(sid)
  if (!content) throw new Refusal(21655)
  const given = { ...content.variables, ...variablesOf(json) }
  return content.body.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => given[name] ?? whole)
}

function variablesOf(json: string): Record<string, string> {
  if (json === '') return {}
  try {
    const read: unknown = JSON.parse(json)
    if (typeof read !== 'object' || read === null) throw new TypeError('not an object')
    return Object.fromEntries(Object.entries(read).map(([name, value]) => [name, String(value)]))
  } catch {
    throw new Refusal(21656)
  }
}
