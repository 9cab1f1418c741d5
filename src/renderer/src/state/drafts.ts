import type { Session } from '../../../shared/documents.ts'
import { Table } from './cell.ts'
import { keptHere } from './kept.ts'

/** A draft belongs to the contact on this channel and medium: a session that ends in between does not lose it. */
export const draftKey = ({ channel_id, communication_type, metadata }: Session) =>
  `${channel_id}/${communication_type}/${metadata.fromNumber}`

/** What was written and not sent, kept over a reload. */
export class Drafts {
  readonly texts = new Table<string>()
  readonly #prefix: string

  constructor(name: string) {
    this.#prefix = `${name}/`
    for (const [key, text] of keptHere.entries(this.#prefix))
      this.texts.set(key.slice(this.#prefix.length), text)
  }

  set(key: string, text: string): void {
    if (text === '') {
      this.texts.delete(key)
      keptHere.remove(this.#prefix + key)
      return
    }
    this.texts.set(key, text)
    keptHere.set(this.#prefix + key, text)
  }

  /** Puts words there to be written anew: behind those that are being written, which stay. */
  bring(key: string, text: string): void {
    const now = this.texts.get(key) ?? ''
    // Of a picture without words there are none to bring.
    if (text === '' || now === text || now.endsWith(`\n${text}`)) return
    this.set(key, now.trim() === '' ? text : `${now}\n${text}`)
  }

  clear(): void {
    for (const key of [...this.texts.keys()]) this.set(key, '')
  }
}
