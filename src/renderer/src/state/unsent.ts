import { isFile } from './attachments.ts'
import { keptHere } from './kept.ts'
import type { Outgoing } from './transcript.ts'

/** What a row says that an earlier page handed over, where that page never heard back. */
const UNANSWERED = 'The page was left before this was answered. Sent again, it goes out once.'

/**
 * Messages that the console has not taken yet, kept over a reload from the moment they were sent until they are taken or
 * thrown away. They keep their draft's name: one that was taken after all is not sent a second time.
 */
export class Unsent {
  readonly #prefix: string

  constructor(name: string) {
    this.#prefix = `${name}/`
  }

  keep(session: string, row: Outgoing): void {
    this.forget(row.draft)
    keptHere.set(`${this.#prefix}${session}/${row.draft}`, JSON.stringify(row))
  }

  forget(draft: string): void {
    for (const name of this.#names(draft)) keptHere.remove(name)
  }

  /** Why it was not taken; nothing of one that was thrown away meanwhile. */
  refuse(draft: string, why: string): void {
    for (const name of this.#names(draft))
      for (const row of read(keptHere.get(name) ?? ''))
        keptHere.set(name, JSON.stringify({ ...row, refused: why }))
  }

  /** Of one session, the oldest first. */
  of(session: string): readonly Outgoing[] {
    return this.#read(`${this.#prefix}${session}/`).map((row) => ({
      ...row,
      refused: row.refused ?? UNANSWERED,
    }))
  }

  /** A session that was joined with another takes along what was written in it, be that still on its way. */
  move(from: string, to: string): void {
    for (const row of this.#read(`${this.#prefix}${from}/`)) this.keep(to, row)
  }

  /** Of every session. */
  hashes(): string[] {
    return this.#read(this.#prefix).flatMap(({ files }) => files.map(({ hash }) => hash))
  }

  /** In whatever session it is by now. */
  #names(draft: string): string[] {
    const names = keptHere.entries(this.#prefix).map(([name]) => name)
    return names.filter((name) => name.endsWith(`/${draft}`))
  }

  #read(prefix: string): Outgoing[] {
    return keptHere
      .entries(prefix)
      .flatMap(([, text]) => read(text))
      .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
  }
}

/** What an earlier page kept; anything else counts as nothing. */
function read(text: string): Outgoing[] {
  try {
    const value: unknown = JSON.parse(text)
    if (!isRow(value)) return []
    return [{ ...value, became: null }]
  } catch {
    return []
  }
}

function isRow(value: unknown): value is Outgoing {
  if (typeof value !== 'object' || value === null) return false
  const row = value as Partial<Record<keyof Outgoing, unknown>>
  return (
    [row.draft, row.body, row.at].every((one) => typeof one === 'string') &&
    (row.refused === null || typeof row.refused === 'string') &&
    ['sms', 'whatsapp', 'voice'].includes(String(row.medium)) &&
    Array.isArray(row.files) &&
    (row.files as unknown[]).every(isFile)
  )
}
