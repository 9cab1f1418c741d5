const CHUNK = 1_024

interface Chunk {
  size: number
  ranks: Float64Array
  numbers: Uint32Array
}

/**
 * Numbers in rising order of (rank, number), in chunks: putting one in or taking one out touches one chunk only, and
 * appending at the end, where new things go, touches nearly nothing.
 */
export class OrderedChunks {
  #chunks: Chunk[] = []
  size = 0

  add(rank: number, number: number): void {
    this.size++
    // What is new goes to the end, so look there first.
    const end = this.#chunks.at(-1)
    if (end && end.size < CHUNK && after(end, end.size - 1, rank, number) < 0) {
      end.ranks[end.size] = rank
      end.numbers[end.size++] = number
      return
    }
    let at = this.#chunkOf(rank, number)
    let chunk = this.#chunks[at]
    if (!chunk) {
      chunk = { size: 0, ranks: new Float64Array(CHUNK), numbers: new Uint32Array(CHUNK) }
      this.#chunks.push(chunk)
    }
    if (chunk.size === CHUNK) {
      // A chunk that is full at the very end is left full: what comes in order packs tightly.
      const last = at === this.#chunks.length - 1
      const keep = last && after(chunk, CHUNK - 1, rank, number) < 0 ? CHUNK : CHUNK / 2
      const other = { size: CHUNK - keep, ranks: new Float64Array(CHUNK), numbers: new Uint32Array(CHUNK) }
      other.ranks.set(chunk.ranks.subarray(keep))
      other.numbers.set(chunk.numbers.subarray(keep))
      chunk.size = keep
      this.#chunks.splice(at + 1, 0, other)
      at = this.#chunkOf(rank, number)
      chunk = this.#chunks[at] ?? other
      if (chunk.size === CHUNK) chunk = other
    }
    const i = seek(chunk, rank, number)
    if (i < chunk.size) {
      chunk.ranks.copyWithin(i + 1, i, chunk.size)
      chunk.numbers.copyWithin(i + 1, i, chunk.size)
    }
    chunk.ranks[i] = rank
    chunk.numbers[i] = number
    chunk.size++
  }

  remove(rank: number, number: number): void {
    const at = this.#chunkOf(rank, number)
    const chunk = this.#chunks[at]
    if (!chunk) return
    const i = seek(chunk, rank, number)
    if (i >= chunk.size || chunk.numbers[i] !== number || chunk.ranks[i] !== rank) return
    chunk.ranks.copyWithin(i, i + 1, chunk.size)
    chunk.numbers.copyWithin(i, i + 1, chunk.size)
    chunk.size--
    this.size--
    if (chunk.size === 0) this.#chunks.splice(at, 1)
  }

  /** From the least on. */
  *rising(): Generator<number> {
    for (const chunk of this.#chunks) for (let i = 0; i < chunk.size; i++) yield chunk.numbers[i] ?? 0
  }

  /** From the greatest on, leaving out the first `skip`, without walking over them. */
  *falling(skip = 0): Generator<number> {
    let left = skip
    for (let c = this.#chunks.length - 1; c >= 0; c--) {
      const chunk = this.#chunks[c]
      if (!chunk) return
      if (left >= chunk.size) {
        left -= chunk.size
        continue
      }
      for (let i = chunk.size - 1 - left; i >= 0; i--) yield chunk.numbers[i] ?? 0
      left = 0
    }
  }

  /** The first chunk whose last element is not before (rank, number); the last chunk when all are. */
  #chunkOf(rank: number, number: number): number {
    let low = 0
    let high = this.#chunks.length - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      const chunk = this.#chunks[middle]
      if (chunk && after(chunk, chunk.size - 1, rank, number) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** Sign of element i compared with (rank, number). */
function after(chunk: Chunk, i: number, rank: number, number: number): number {
  const own = chunk.ranks[i] ?? 0
  return own !== rank ? own - rank : (chunk.numbers[i] ?? 0) - number
}

function seek(chunk: Chunk, rank: number, number: number): number {
  let low = 0
  let high = chunk.size
  while (low < high) {
    const middle = (low + high) >>> 1
    if (after(chunk, middle, rank, number) < 0) low = middle + 1
    else high = middle
  }
  return low
}

/** Indexes 0 … n−1 in rising order of `ranks`, equal ones in their own order. Quick when they nearly are already. */
export function orderOf(ranks: Float64Array): ArrayLike<number> & Iterable<number> {
  const order = Uint32Array.from(ranks.keys())
  let sorted = true
  for (let i = 1; sorted && i < ranks.length; i++) sorted = (ranks[i - 1] ?? 0) <= (ranks[i] ?? 0)
  // A plain array: its sort makes use of what is in order, a typed array's does not.
  return sorted ? order : Array.from(order).sort((a, b) => (ranks[a] ?? 0) - (ranks[b] ?? 0))
}
