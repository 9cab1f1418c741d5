import { crc32 } from 'node:zlib'
import { writeWhole } from './atomic.ts'
import { type Disk, isCode } from './disk.ts'
import { SCHEMA } from './document.ts'
import { HashTable } from './hash-table.ts'
import { SessionPage } from './session-page.ts'
import type { SessionPlaces } from './session-places.ts'
import { Slices } from './slices.ts'
import { State } from './state.ts'

/** At the end of the file: what is where. Everything before it is raw little-endian numbers and packed text. */
interface Footer {
  schema: number
  store: string
  salt: string
  /** All changes up to this one are in, and later ones may be. */
  seq: number
  /** Replay begins with this journal file. */
  journal: number
  channels: readonly string[]
  pages: { rows: number; changed: number; written: number }[]
  segments: { count: number; from: number | null; to: number | null; changed: number; written: number }[]
  acts: { changed: number; written: number }[]
  places: ReturnType<SessionPlaces['dump']>
  /** Bytes of each part, in order. Parts begin at multiples of eight. */
  parts: number[]
  /** CRC-32 of all parts with their padding. */
  sum: number
}

const MAGIC = 'SWBINDX1'
const LAST_BYTES = 8

/** Writes the index. `before` is awaited before it replaces the old one: what it holds must be durable by then. */
export async function saveSnapshot(
  disk: Disk,
  file: string,
  state: State,
  facts: { store: string; seq: number; journal: number },
  before: () => Promise<void>,
): Promise<void> {
  const slices = new Slices()
  const chunks: Buffer[] = [Buffer.from(MAGIC)]
  const parts: number[] = []
  let sum = 0
  const add = (array: ArrayBufferView): void => {
    // A copy, for the original goes on changing.
    const bytes = Buffer.alloc(Math.ceil(array.byteLength / 8) * 8)
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
    parts.push(array.byteLength)
    chunks.push(bytes)
    sum = crc32(bytes, sum)
  }
  const pages: Footer['pages'] = []
  // Only the last page can grow meanwhile; what comes in pages behind it is later than `seq` and will be replayed.
  for (const page of [...state.sessions.pages]) {
    const { times, words, offsets, packed } = page.arrays()
    for (const array of [times, words, offsets, packed]) add(array)
    pages.push({ rows: page.rows, changed: page.changed, written: page.written })
    await slices.pause()
  }
  for (const table of [state.sessions.idTable(), state.claims]) {
    for (const part of table.parts()) {
      add(part)
      await slices.pause()
    }
  }
  // Behind the sessions, so that every key they name is among them.
  const keys = state.sessions.keys.dump()
  add(keys.kinds)
  add(Buffer.from(JSON.stringify(keys.contacts)))
  const acts = state.acts.dump()
  add(acts.keys)
  add(Buffer.from(acts.texts.join('\n')))
  const footer: Footer = {
    schema: SCHEMA,
    store: facts.store,
    salt: state.salt,
    seq: facts.seq,
    journal: facts.journal,
    channels: keys.channels,
    pages,
    segments: state.segments.segments.map(({ count, from, to, changed, written }) => ({
      count,
      from,
      to,
      changed,
      written,
    })),
    acts: acts.shards,
    places: state.places.dump(),
    parts,
    sum,
  }
  const text = Buffer.from(JSON.stringify(footer))
  const last = Buffer.alloc(LAST_BYTES)
  last.writeUInt32LE(text.length, 0)
  last.writeUInt32LE(crc32(text), 4)
  await writeWhole(disk, file, [...chunks, text, last], before)
}

export interface LoadedSnapshot {
  state: State
  seq: number
  journal: number
}

/** Reads the index; undefined when there is none, it is damaged, or it belongs to another store: then it is rebuilt. */
export async function loadSnapshot(
  disk: Disk,
  file: string,
  store: string,
  salt: string,
  segmentRows?: number,
): Promise<LoadedSnapshot | undefined> {
  let bytes: Buffer
  try {
    bytes = await readAll(disk, file)
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined
    throw error
  }
  const footer = readFooter(bytes)
  if (footer?.schema !== SCHEMA || footer.store !== store || footer.salt !== salt) return undefined
  const state = new State(salt, segmentRows)
  const take = parts(bytes, footer)
  const words = (): Uint32Array => {
    const part = take()
    return new Uint32Array(part.buffer, part.byteOffset, part.byteLength / 4)
  }
  const pages = footer.pages.map((facts) => {
    const times = take()
    return new SessionPage({
      ...facts,
      times: new Float64Array(times.buffer, times.byteOffset, times.byteLength / 8),
      words: words(),
      offsets: words(),
      packed: take(),
    })
  })
  const table = (): HashTable => new HashTable(Array.from({ length: 256 }, words))
  const ids = table()
  state.claims = table()
  const kinds = words()
  state.sessions.keys.restore(footer.channels, kinds, JSON.parse(take().toString()) as string[])
  const actKeys = words()
  const actTexts = take().toString()
  state.acts.restore(actKeys.length === 0 ? [] : actTexts.split('\n'), actKeys, footer.acts)
  state.sessions.restore(pages, ids)
  state.places.restore(footer.places)
  for (const facts of footer.segments)
    state.segments.addStored({ ...facts, from: facts.from ?? Infinity, to: facts.to ?? -Infinity })
  return { state, seq: footer.seq, journal: footer.journal }
}

/** In one piece of memory of just the size, which the pages then go on using. */
async function readAll(disk: Disk, file: string): Promise<Buffer> {
  const open = await disk.open(file, 'read')
  try {
    const bytes = Buffer.allocUnsafeSlow(await open.size())
    for (let done = 0; done < bytes.length;) {
      const count = await open.read(bytes.subarray(done), done)
      if (count === 0) break
      done += count
    }
    return bytes
  } finally {
    await open.close()
  }
}

function readFooter(bytes: Buffer): Footer | undefined {
  if (bytes.length < MAGIC.length + LAST_BYTES || bytes.toString('latin1', 0, MAGIC.length) !== MAGIC)
    return undefined
  const length = bytes.readUInt32LE(bytes.length - LAST_BYTES)
  const end = bytes.length - LAST_BYTES
  if (length > end - MAGIC.length) return undefined
  const text = bytes.subarray(end - length, end)
  if (crc32(text) !== bytes.readUInt32LE(bytes.length - 4)) return undefined
  const footer = JSON.parse(text.toString()) as Footer
  return crc32(bytes.subarray(MAGIC.length, end - length)) === footer.sum ? footer : undefined
}

/** Hands out the parts one after the other, where they lie: nothing is copied. */
function parts(bytes: Buffer, footer: Footer): () => Buffer {
  let at = MAGIC.length
  let next = 0
  return () => {
    const length = footer.parts[next++] ?? 0
    const part = bytes.subarray(at, at + length)
    at += Math.ceil(length / 8) * 8
    return part
  }
}
