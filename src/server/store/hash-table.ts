import { hash } from 'node:crypto'

/** 64 bits as two halves. */
export interface Hash64 {
  high: number
  low: number
}

/** First eight bytes of sha1(salt + name): what stays of a SID that was erased must not lead back to it. */
export function saltedHash(salt: string, name: string): Hash64 {
  const digest = hash('sha1', salt + name, 'hex')
  return { high: parseInt(digest.slice(0, 8), 16), low: parseInt(digest.slice(8, 16), 16) }
}

/** Quick 64-bit hash (cyrb53's mixing) for names of our own making, where nothing needs hiding. */
export function quickHash(name: string): Hash64 {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  for (let i = 0; i < name.length; i++) {
    const c = name.charCodeAt(i)
    a = Math.imul(a ^ c, 2654435761)
    b = Math.imul(b ^ c, 1597334677)
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  return { high: b >>> 0, low: a >>> 0 }
}

const PARTS = 256
const EMPTY = 0
const GONE = 0xffffffff
const FILL = 0.8

/** One part: slots of three words (high, low, value), open addressing, grown by a quarter when four fifths are taken. */
class Part {
  words: Uint32Array
  taken = 0

  constructor(words: Uint32Array) {
    this.words = words
    for (let i = 2; i < words.length; i += 3) if (words[i] !== EMPTY) this.taken++
  }

  get capacity(): number {
    return this.words.length / 3
  }
}

/**
 * From a 64-bit hash to numbers (1 … 2³²−2). Equal hashes may stand for different names, so a hash can have several
 * values and whoever asks confirms. In 256 parts, each a typed array that grows by itself, so that no growth takes long.
 */
export class HashTable {
  readonly #parts: Part[] = []
  size = 0

  constructor(parts?: readonly Uint32Array[]) {
    for (let i = 0; i < PARTS; i++) this.#parts.push(new Part(parts?.[i] ?? new Uint32Array(3 * 8)))
    for (const part of this.#parts)
      for (let i = 2; i < part.words.length; i += 3)
        if (part.words[i] !== EMPTY && part.words[i] !== GONE) this.size++
  }

  /** False when the pair is there already. */
  add(hash: Hash64, value: number): boolean {
    const part = this.#part(hash)
    if ((part.taken + 1) / part.capacity > FILL) grow(part)
    const { words } = part
    let i = (hash.low % part.capacity) * 3
    for (;;) {
      const found = words[i + 2]
      if (found === EMPTY) break
      if (found === value && words[i + 1] === hash.low && words[i] === hash.high) return false
      i += 3
      if (i === words.length) i = 0
    }
    words[i] = hash.high
    words[i + 1] = hash.low
    words[i + 2] = value
    part.taken++
    this.size++
    return true
  }

  remove(hash: Hash64, value: number): void {
    const { words } = this.#part(hash)
    for (
      let i = (hash.low % (words.length / 3)) * 3;
      words[i + 2] !== EMPTY;
      i = i + 3 === words.length ? 0 : i + 3
    ) {
      if (words[i + 2] !== value || words[i + 1] !== hash.low || words[i] !== hash.high) continue
      words[i + 2] = GONE
      this.size--
      return
    }
  }

  has(hash: Hash64): boolean {
    return this.first(hash, () => true) !== undefined
  }

  /** The first value of this hash that `confirmed` accepts. */
  first(hash: Hash64, confirmed: (value: number) => boolean): number | undefined {
    const { words } = this.#part(hash)
    let i = (hash.low % (words.length / 3)) * 3
    for (;;) {
      const value = words[i + 2] ?? EMPTY
      if (value === EMPTY) return undefined
      if (value !== GONE && words[i + 1] === hash.low && words[i] === hash.high && confirmed(value))
        return value
      i += 3
      if (i === words.length) i = 0
    }
  }

  all(hash: Hash64): number[] {
    const values: number[] = []
    this.first(hash, (value) => {
      values.push(value)
      return false
    })
    return values
  }

  /** The parts as they are, for a snapshot. */
  *parts(): Generator<Uint32Array> {
    for (const part of this.#parts) yield part.words
  }

  #part(hash: Hash64): Part {
    const part = this.#parts[hash.high >>> 24]
    if (!part) throw new RangeError('not a 32-bit word')
    return part
  }
}

function grow(part: Part): void {
  const old = part.words
  const words = new Uint32Array(Math.ceil((part.capacity * 5) / 4) * 3)
  part.words = words
  part.taken = 0
  for (let from = 0; from < old.length; from += 3) {
    const value = old[from + 2] ?? EMPTY
    if (value === EMPTY || value === GONE) continue
    const low = old[from + 1] ?? 0
    let to = (low % part.capacity) * 3
    while (words[to + 2] !== EMPTY) to = to + 3 === words.length ? 0 : to + 3
    words[to] = old[from] ?? 0
    words[to + 1] = low
    words[to + 2] = value
    part.taken++
  }
}
