import { crc32 } from 'node:zlib'
import { type Adapter, Low } from 'lowdb'
import { writeWhole } from './atomic.ts'
import { type Disk, isCode } from './disk.ts'
import { hex } from './record.ts'
import { Slices } from './slices.ts'

/** Version of everything in the data folder. A greater one is refused. */
export const SCHEMA = 1

export interface DocumentHeader {
  kind: string
  schema: number
  /** The document includes every change up to this sequence number. */
  seq: number
  /** Of a segment: earliest and latest createdAt of its messages. */
  from?: string
  to?: string
}

export interface DocumentBody {
  header: DocumentHeader
  rows: readonly unknown[]
}

/** The text of a document: its header, and one JSON row a line. */
export interface DocumentText {
  header: DocumentHeader
  lines: string[]
}

/** A document that is there but can't be trusted. */
export class DamagedDocument extends Error {
  readonly file: string
  constructor(file: string, why: string) {
    super(why)
    this.name = 'DamagedDocument'
    this.file = file
  }
}

const START = '{"checksum":"crc32-'
/** `{"checksum":"crc32-xxxxxxxx",`; the checksum covers what follows. */
const PREFIX_BYTES = START.length + 8 + 2
const ROWS = '"rows":['
const ROWS_PER_CHUNK = 20

/** Makes a document's text, a millisecond at a time. */
export async function encodeDocument(body: DocumentBody, slices = new Slices()): Promise<Buffer[]> {
  const chunks = [Buffer.from(`${JSON.stringify(body.header).slice(1, -1)},${ROWS}`)]
  let text = '\n'
  for (let i = 0; i < body.rows.length; i++) {
    text += JSON.stringify(body.rows[i]) + (i + 1 < body.rows.length ? ',\n' : '\n')
    if (i % ROWS_PER_CHUNK === ROWS_PER_CHUNK - 1) {
      chunks.push(Buffer.from(text))
      text = ''
      await slices.pause()
    }
  }
  chunks.push(Buffer.from(`${text}]}\n`))
  let sum = 0
  for (const chunk of chunks) sum = crc32(chunk, sum)
  return [Buffer.from(`${START}${hex(sum)}",`), Buffer.concat(chunks)]
}

/** Splits a document into its rows without parsing them. Throws DamagedDocument. */
export function decodeDocument(file: string, bytes: Buffer): DocumentText {
  if (bytes.toString('latin1', 0, START.length) !== START)
    throw new DamagedDocument(file, 'it does not begin with a checksum')
  const sum = bytes.toString('latin1', START.length, START.length + 8)
  if (hex(crc32(bytes.subarray(PREFIX_BYTES))) !== sum)
    throw new DamagedDocument(file, 'its checksum is wrong')
  const lines = bytes.toString('utf8').split('\n')
  const header = parseHeader(file, lines[0] ?? '')
  // The first line is the header, the last two are "]}" and nothing.
  const rows = lines.slice(1, -2)
  for (let i = 0; i < rows.length - 1; i++) rows[i] = rows[i]?.slice(0, -1) ?? ''
  return { header, lines: rows }
}

export function parseHeader(file: string, line: string): DocumentHeader {
  try {
    const {
      checksum: _checksum,
      rows: _rows,
      ...header
    } = JSON.parse(`${line}]}`) as DocumentHeader & { checksum: string; rows: unknown }
    return header
  } catch {
    throw new DamagedDocument(file, 'its first line cannot be read')
  }
}

/** Rows of a damaged document that still are JSON objects: the last resort. */
export function salvageLines(bytes: Buffer): Record<string, unknown>[] {
  const rows: Record<string, unknown>[] = []
  for (const line of bytes.toString('utf8').split('\n').slice(1)) {
    try {
      const row: unknown = JSON.parse(line.endsWith(',') ? line.slice(0, -1) : line)
      if (typeof row === 'object' && row !== null && '_id' in row) rows.push(row)
    } catch {
      // Not a whole row; what it was comes from the journals, if from anywhere.
    }
  }
  return rows
}

/** lowdb's adapter over our disk: checksummed text, one row a line, written so that a power cut leaves old or new. */
export class DocumentAdapter implements Adapter<DocumentBody> {
  readonly #disk: Disk
  readonly #file: string
  /** Awaited before the new text replaces the old: what it holds must be durable in the journal first. */
  readonly #before: (() => Promise<void>) | undefined
  readonly #slices: Slices | undefined

  constructor(disk: Disk, file: string, before?: () => Promise<void>, slices?: Slices) {
    this.#slices = slices
    this.#disk = disk
    this.#file = file
    this.#before = before
  }

  async read(): Promise<DocumentBody | null> {
    let bytes: Buffer
    try {
      bytes = await this.#disk.readFile(this.#file)
    } catch (error) {
      if (isCode(error, 'ENOENT')) return null
      throw error
    }
    const text = decodeDocument(this.#file, bytes)
    return { header: text.header, rows: await parseLines(this.#file, text.lines) }
  }

  async write(data: DocumentBody): Promise<void> {
    await writeWhole(this.#disk, this.#file, await encodeDocument(data, this.#slices), this.#before)
  }
}

export async function parseLines(file: string, lines: readonly string[]): Promise<unknown[]> {
  const slices = new Slices()
  const rows: unknown[] = []
  for (const line of lines) {
    try {
      rows.push(JSON.parse(line))
    } catch {
      throw new DamagedDocument(file, 'a row is not JSON')
    }
    if (rows.length % ROWS_PER_CHUNK === 0) await slices.pause()
  }
  return rows
}

const nothing = (kind: string): DocumentBody => ({ header: { kind, schema: SCHEMA, seq: 0 }, rows: [] })

/** Reads a document; undefined when there is none. Throws DamagedDocument. */
export async function readDocument(
  disk: Disk,
  file: string,
  kind: string,
): Promise<DocumentBody | undefined> {
  const low = new Low(new DocumentAdapter(disk, file), nothing(kind))
  const empty = low.data
  await low.read()
  if (low.data === empty) return undefined
  if (low.data.header.kind !== kind) throw new DamagedDocument(file, `it holds ${low.data.header.kind}`)
  return low.data
}

export async function writeDocument(
  disk: Disk,
  file: string,
  body: DocumentBody,
  before?: () => Promise<void>,
  slices?: Slices,
): Promise<void> {
  const low = new Low(new DocumentAdapter(disk, file, before, slices), nothing(body.header.kind))
  low.data = body
  await low.write()
}
