import type { Id, Medium } from '../../shared/documents.ts'
import { HashTable, quickHash } from './hash-table.ts'
import type { Key } from './types.ts'

const MEDIA: readonly Medium[] = ['sms', 'whatsapp', 'voice']

/** Keys (channel, medium, contact) by number, with each key's sessions in order. A number is never given twice. */
export class KeyTable {
  readonly #channels: Id[] = []
  readonly #channelNumbers = new Map<Id, number>()
  /** channel number * 3 + medium */
  readonly #kinds: number[] = []
  readonly #contacts: string[] = []
  readonly #table = new HashTable()
  /** Sessions of a key by number: one as itself, several as a list, for most keys have one. */
  readonly #lines: (number | number[])[] = []

  get size(): number {
    return this.#contacts.length
  }

  get channelIds(): readonly Id[] {
    return this.#channels
  }

  find(key: Key): number | undefined {
    const channel = this.#channelNumbers.get(key.channel_id)
    if (channel === undefined) return undefined
    const kind = channel * MEDIA.length + MEDIA.indexOf(key.communication_type)
    const found = this.#table.first(
      hashOf(kind, key.contact),
      (n) => this.#kinds[n - 1] === kind && this.#contacts[n - 1] === key.contact,
    )
    return found === undefined ? undefined : found - 1
  }

  ensure(key: Key): number {
    const found = this.find(key)
    if (found !== undefined) return found
    let channel = this.#channelNumbers.get(key.channel_id)
    if (channel === undefined) {
      channel = this.#channels.push(key.channel_id) - 1
      this.#channelNumbers.set(key.channel_id, channel)
    }
    const kind = channel * MEDIA.length + MEDIA.indexOf(key.communication_type)
    const number = this.#contacts.push(key.contact) - 1
    this.#kinds.push(kind)
    this.#lines.push(NONE)
    this.#table.add(hashOf(kind, key.contact), number + 1)
    return number
  }

  key(number: number): Key {
    const kind = this.#kinds[number] ?? 0
    return {
      channel_id: this.#channels[Math.floor(kind / MEDIA.length)] ?? '',
      communication_type: MEDIA[kind % MEDIA.length] ?? 'sms',
      contact: this.#contacts[number] ?? '',
    }
  }

  /** 0 sms, 1 whatsapp, 2 voice. */
  medium(number: number): number {
    return (this.#kinds[number] ?? 0) % MEDIA.length
  }

  channel(number: number): number {
    return Math.floor((this.#kinds[number] ?? 0) / MEDIA.length)
  }

  channelNumber(id: Id): number | undefined {
    return this.#channelNumbers.get(id)
  }

  lineSize(number: number): number {
    const line = this.#lines[number]
    return line === undefined ? 0 : typeof line === 'number' ? 1 : line.length
  }

  lineAt(number: number, index: number): number | undefined {
    const line = this.#lines[number]
    return typeof line === 'number' ? (index === 0 ? line : undefined) : line?.[index]
  }

  /** Puts a session into its key's line at `index`. */
  insert(number: number, index: number, session: number): void {
    const line = this.#lines[number]
    if (line === undefined || (typeof line !== 'number' && line.length === 0)) this.#lines[number] = session
    else if (typeof line === 'number') this.#lines[number] = index === 0 ? [session, line] : [line, session]
    else line.splice(index, 0, session)
  }

  take(number: number, index: number): void {
    const line = this.#lines[number]
    if (typeof line === 'number') this.#lines[number] = NONE
    else if (line && line.length > 0) line.splice(index, 1)
  }

  /** For a snapshot: what can't be had from the sessions themselves. */
  dump(): { channels: readonly Id[]; kinds: Uint32Array; contacts: readonly string[] } {
    return {
      channels: [...this.#channels],
      kinds: Uint32Array.from(this.#kinds),
      contacts: [...this.#contacts],
    }
  }

  restore(channels: readonly Id[], kinds: Uint32Array, contacts: readonly string[]): void {
    for (const id of channels) this.#channelNumbers.set(id, this.#channels.push(id) - 1)
    for (let i = 0; i < kinds.length; i++) {
      const kind = kinds[i] ?? 0
      const contact = contacts[i] ?? ''
      this.#kinds.push(kind)
      this.#contacts.push(contact)
      this.#lines.push(NONE)
      this.#table.add(hashOf(kind, contact), i + 1)
    }
  }
}

const NONE: number[] = []
Object.freeze(NONE)

const hashOf = (kind: number, contact: string): ReturnType<typeof quickHash> =>
  quickHash(`${String(kind)} ${contact}`)
