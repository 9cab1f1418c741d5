import { isFile } from './attachments.ts'
import { Table } from './cell.ts'
import { keptHere } from './kept.ts'
import type { Outgoing } from './transcript.ts'

/** What a row says that an earlier page handed over, where that page never heard back. */
const UNANSWERED = 'The page was left before this was answered. Sent again, it goes out once.'

/**
 * Messages that the console has not taken yet, kept over a reload from the moment they were sent until they are taken or
 * thrown away. They keep their draft's name: one that was taken after all is not sent a second time.
 */
export class Unsent {
  /** Of each session the newest that was not sent, for lists: it calls for somebody wherever they are. */
  readonly refused = new Table<Outgoing>()
  readonly #prefix: string

  constructor(name: string) {
    this.#prefix = `${name}/`
    for (const [name, text] of keptHere.entries(this.#prefix))
      for (const row of read(text)) this.#set(name, { ...row, refused: row.refused ?? UNANSWERED })
    keptHere.watch(this.#prefix, (name) => this.#mark(name))
  }

  keep(session: string, row: Outgoing): void {
    this.forget(row.draft)
    this.#set(`${this.#prefix}${session}/${row.draft}`, row)
  }

  forget(draft: string): void {
    for (const name of this.#names(draft)) {
      keptHere.remove(name)
      this.#mark(name)
    }
  }

  /** Why it was not taken; nothing of one that was thrown away meanwhile. */
  refuse(draft: string, why: string): void {
    for (const name of this.#names(draft))
      for (const row of read(keptHere.get(name) ?? '')) this.#set(name, { ...row, refused: why })
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

  clear(): void {
    for (const [name] of keptHere.entries(this.#prefix)) {
      keptHere.remove(name)
      this.#mark(name)
    }
  }

  #set(name: string, row: Outgoing): void {
    keptHere.set(name, JSON.stringify(row))
    this.#mark(name)
  }

  /** `name`: of one that was changed. */
  #mark(name: string): void {
    const session = name.slice(this.#prefix.length, name.lastIndexOf('/'))
    const row = this.#read(`${this.#prefix}${session}/`).findLast(({ refused }) => refused !== null)
    if (row) this.refused.set(session, row)
    else this.refused.delete(session)
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
