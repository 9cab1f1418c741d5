import type { Act, Id } from '../../shared/documents.ts'
import { ActIndex } from '../sessions/index.ts'
import { HashTable, quickHash } from './hash-table.ts'

/** Acts in one document `acts/NNNNNN.json`. */
export const ACT_ROWS = 1_000
/** Keys whose acts stay ready for use. */
const READY_KEYS = 5_000

/** Every act in order of taking, as its JSON (a third of the memory of an object), and by key. */
export class ActTable {
  readonly #texts: string[] = []
  readonly #keys: number[] = []
  readonly #ofKey = new Map<number, number[]>()
  readonly #ids = new HashTable()
  readonly #ready = new Map<number, ActIndex>()
  /** Per document: sequence of the newest change, and of the newest on disk. */
  readonly shards: { changed: number; written: number }[] = []

  get size(): number {
    return this.#texts.length
  }

  get(number: number): Act {
    return JSON.parse(this.text(number)) as Act
  }

  text(number: number): string {
    return this.#texts[number] ?? ''
  }

  keyOf(number: number): number {
    return this.#keys[number] ?? 0
  }

  find(id: Id): number | undefined {
    const found = this.#ids.first(quickHash(id), (n) => n <= this.size && this.get(n - 1)._id === id)
    return found === undefined ? undefined : found - 1
  }

  put(act: Act, keyNumber: number, seq: number): { number: number; before: Act | undefined } {
    const found = this.find(act._id)
    if (found === undefined) {
      const number = this.#append(JSON.stringify(act), keyNumber, act._id)
      this.#touch(number, seq)
      return { number, before: undefined }
    }
    const number = found
    const before = this.get(number)
    this.#texts[number] = JSON.stringify(act)
    this.#ready.delete(this.keyOf(number))
    this.#touch(number, seq)
    return { number, before }
  }

  removeLast(number: number): void {
    const act = this.get(number)
    const key = this.keyOf(number)
    this.#ids.remove(quickHash(act._id), number + 1)
    this.#ofKey.get(key)?.pop()
    this.#texts.pop()
    this.#keys.pop()
    this.#ready.delete(key)
    if (this.size % ACT_ROWS === 0) this.shards.pop()
  }

  index(keyNumber: number): ActIndex {
    const numbers = this.#ofKey.get(keyNumber)
    if (!numbers || numbers.length === 0) return NO_ACTS
    let index = this.#ready.get(keyNumber)
    if (!index) {
      index = new ActIndex(numbers.map((n) => this.get(n)))
      if (this.#ready.size >= READY_KEYS) this.#ready.clear()
      this.#ready.set(keyNumber, index)
    }
    return index
  }

  dump(): { texts: readonly string[]; keys: Uint32Array; shards: { changed: number; written: number }[] } {
    return {
      texts: [...this.#texts],
      keys: Uint32Array.from(this.#keys),
      shards: this.shards.map((s) => ({ ...s })),
    }
  }

  restore(
    texts: readonly string[],
    keys: Uint32Array,
    shards: readonly { changed: number; written: number }[],
  ): void {
    texts.forEach((text, i) => {
      const id = /"_id":"([^"]*)"/.exec(text)?.[1] ?? ''
      this.#append(text, keys[i] ?? 0, id)
    })
    this.shards.push(...shards)
  }

  #append(text: string, keyNumber: number, id: Id): number {
    const number = this.#texts.push(text) - 1
    this.#keys.push(keyNumber)
    const list = this.#ofKey.get(keyNumber)
    if (list) list.push(number)
    else this.#ofKey.set(keyNumber, [number])
    this.#ids.add(quickHash(id), number + 1)
    this.#ready.delete(keyNumber)
    return number
  }

  #touch(number: number, seq: number): void {
    const shard = Math.floor(number / ACT_ROWS)
    const facts = (this.shards[shard] ??= { changed: 0, written: 0 })
    facts.changed = Math.max(facts.changed, seq)
  }
}

const NO_ACTS = new ActIndex([])
