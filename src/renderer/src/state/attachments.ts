import type { RequestInput, Result } from '../../../shared/contract.ts'
import type { MediaFile, Medium } from '../../../shared/documents.ts'
import { countRefusal, kindOf, LARGEST_PICTURE } from '../../../shared/media.ts'
import { Table } from './cell.ts'
import { keptHere } from './kept.ts'

/** A file on a message that is being written; the console keeps it already. */
export interface Attached {
  name: string
  file: MediaFile
}

type Add = (input: RequestInput<'media.add'>) => Promise<Result<MediaFile>>

const NONE: readonly Attached[] = []

/** What was attached and not sent, by the draft it belongs to; kept over a reload, as the words are. */
export class Attachments {
  readonly byDraft = new Table<readonly Attached[]>()
  /** How many of a draft are being handed over. */
  readonly adding = new Table<number>()
  readonly #prefix: string
  readonly #add: Add

  constructor(name: string, add: Add) {
    this.#prefix = `${name}/`
    this.#add = add
    for (const [key, text] of keptHere.entries(this.#prefix)) {
      const kept = read(text)
      if (kept.length > 0) this.byDraft.set(key.slice(this.#prefix.length), kept)
    }
  }

  of(draft: string): readonly Attached[] {
    return this.byDraft.get(draft) ?? NONE
  }

  /** Of every draft. */
  hashes(): string[] {
    const all = [...this.byDraft.keys()].flatMap((draft) => this.of(draft).map(({ file }) => file.hash))
    return [...new Set(all)]
  }

  /** Hands files over one after another. Resolves with why some could not be attached, or empty. */
  async add(draft: string, medium: Medium, files: readonly File[]): Promise<string> {
    const refusals = new Set<string>()
    this.adding.set(draft, (this.adding.get(draft) ?? 0) + files.length)
    for (const file of files) {
      const refusal = await this.#addOne(draft, medium, file)
      if (refusal !== '') refusals.add(refusal)
      this.adding.set(draft, Math.max(0, (this.adding.get(draft) ?? 0) - 1))
    }
    return [...refusals].join(' ')
  }

  /**
   * Puts files of a message there that is written anew, beside those that are there; all or none. Answers with why not,
   * or empty.
   */
  bring(draft: string, files: readonly MediaFile[], medium: Medium): string {
    const there = new Set(this.of(draft).map(({ file }) => file.hash))
    const coming = files.filter(({ hash }) => !there.has(hash))
    if (coming.length === 0) return ''
    const tooMany = countRefusal(there.size + coming.length, medium)
    if (tooMany !== null) return tooMany
    this.set(draft, [...this.of(draft), ...coming.map((file) => ({ name: kindOf(file.content_type), file }))])
    return ''
  }

  remove(draft: string, at: number): void {
    this.set(
      draft,
      this.of(draft).filter((_, index) => index !== at),
    )
  }

  set(draft: string, attached: readonly Attached[]): void {
    if (attached.length === 0) {
      this.byDraft.delete(draft)
      keptHere.remove(this.#prefix + draft)
      return
    }
    this.byDraft.set(draft, attached)
    keptHere.set(this.#prefix + draft, JSON.stringify(attached))
  }

  clear(): void {
    for (const draft of [...this.byDraft.keys()]) this.set(draft, NONE)
  }

  async #addOne(draft: string, medium: Medium, file: File): Promise<string> {
    const name = file.name || 'Picture'
    const tooMany = countRefusal(this.of(draft).length + 1, medium)
    if (tooMany !== null) return tooMany
    // Not even read: it could be a film.
    if (file.size > LARGEST_PICTURE) return `${name}: The file is larger than 5 MB, and Twilio takes none.`
    try {
      const result = await this.#add({ name: name.slice(0, 300), data: await base64Of(file), medium })
      if (!result.ok) return `${name}: ${result.error.message}`
      // Others may have been handed over meanwhile: pasted while this one was on its way.
      const isOneTooMany = countRefusal(this.of(draft).length + 1, medium)
      if (isOneTooMany !== null) return isOneTooMany
      this.set(draft, [...this.of(draft), { name, file: result.value }])
      return ''
    } catch {
      return `${name}: The file could not be read.`
    }
  }
}

function base64Of(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    // A data URL; what stands behind its comma is the file.
    reader.onload = () =>
      typeof reader.result === 'string'
        ? resolve(reader.result.replace(/^[^,]*,/, ''))
        : reject(new Error('the file came in another form'))
    reader.onerror = () => reject(new Error('the file could not be read'))
    reader.readAsDataURL(file)
  })
}

/** What an earlier page kept; anything else counts as nothing. */
function read(text: string): readonly Attached[] {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? (value as unknown[]).filter(isAttached) : NONE
  } catch {
    return NONE
  }
}

const isAttached = (value: unknown): value is Attached =>
  typeof value === 'object' && value !== null && 'name' in value && 'file' in value && isFile(value.file)

/** A file as an earlier page kept it. */
export const isFile = (value: unknown): value is MediaFile =>
  typeof value === 'object' &&
  value !== null &&
  'hash' in value &&
  /^[0-9a-f]{64}$/.test(String(value.hash)) &&
  'content_type' in value &&
  typeof value.content_type === 'string'
