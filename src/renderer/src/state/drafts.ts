import type { Session } from '../../../shared/documents.ts'
import { Table } from './cell.ts'

/** A draft belongs to the contact on this channel and medium: a session that ends in between does not lose it. */
export const draftKey = ({ channel_id, communication_type, metadata }: Session) =>
  `${channel_id}/${communication_type}/${metadata.fromNumber}`

/** What was written and not sent, kept over a reload. */
export class Drafts {
  readonly texts = new Table<string>()
  readonly #prefix: string

  constructor(name: string) {
    this.#prefix = `${name}/`
    for (let at = 0; at < localStorage.length; at += 1) {
      const key = localStorage.key(at)
      if (key?.startsWith(this.#prefix))
        this.texts.set(key.slice(this.#prefix.length), localStorage.getItem(key) ?? '')
    }
  }

  set(key: string, text: string): void {
    if (text === '') {
      this.texts.delete(key)
      localStorage.removeItem(this.#prefix + key)
      return
    }
    this.texts.set(key, text)
    localStorage.setItem(this.#prefix + key, text)
  }
}
