/**
 * SIDs of one file, as 52-bit hashes: a million take about 40 MB instead of 150. Two different SIDs share a hash once in
 * ten thousand files of that size, and then a dry run counts one too few.
 */
export class SeenSids {
  readonly #hashes = new Set<number>()

  /** True when it was not there. */
  add(sid: string): boolean {
    const before = this.#hashes.size
    this.#hashes.add(hash52(sid))
    return this.#hashes.size > before
  }
}

/** Two 32-bit FNV-1a passes of different start, joined. */
function hash52(text: string): number {
  let a = 0x811c9dc5
  let b = 0x9747b28c
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    a = Math.imul(a ^ c, 0x01000193)
    b = Math.imul(b ^ (c + i), 0x85ebca6b)
    b ^= b >>> 13
  }
  return (a >>> 0) * 0x100000 + ((b ^ (b >>> 16)) >>> 12)
}
