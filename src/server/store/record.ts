import { crc32 } from 'node:zlib'
import type { Commit } from './types.ts'

/** One line of the journal, read back. */
export interface JournalRecord {
  seq: number
  at: string
  commit: Commit
}

/** First line of a journal file. */
export interface JournalHeader {
  /** Number of the file, as in its name: the generation. */
  journal: number
  /** Sequence of its first record. Records of earlier files from this number on were refused and don't count. */
  from: number
  store: string
  salt: string
  schema: number
  at: string
}

export type Line =
  | { kind: 'record'; record: JournalRecord }
  | { kind: 'header'; header: JournalHeader }
  | { kind: 'bad'; why: string }

/** A line of text without its newline: the JSON, with the CRC-32 of everything before `,"c"` at its end. */
function seal(json: string): string {
  const open = json.slice(0, -1)
  return `${open},"c":"${hex(crc32(open))}"}`
}

export function encodeRecord(seq: number, at: string, commit: Commit): string {
  return seal(JSON.stringify({ q: seq, at, ...commit }))
}

export function encodeHeader(header: JournalHeader): string {
  return seal(JSON.stringify(header))
}

const TAIL = /,"c":"([0-9a-f]{8})"\}$/

export function decodeLine(text: string): Line {
  const check = TAIL.exec(text)
  if (!check) return { kind: 'bad', why: 'it does not end in a checksum' }
  if (hex(crc32(text.slice(0, check.index))) !== check[1])
    return { kind: 'bad', why: 'its checksum is wrong' }
  try {
    const value = JSON.parse(text) as Record<string, unknown>
    if (typeof value['journal'] === 'number')
      return { kind: 'header', header: value as unknown as JournalHeader }
    const { q, at, c: _checksum, ...commit } = value
    if (typeof q !== 'number' || typeof at !== 'string')
      return { kind: 'bad', why: 'it has no sequence number' }
    return { kind: 'record', record: { seq: q, at, commit: commit as unknown as Commit } }
  } catch {
    return { kind: 'bad', why: 'it is not JSON' }
  }
}

export const hex = (word: number): string => word.toString(16).padStart(8, '0')
