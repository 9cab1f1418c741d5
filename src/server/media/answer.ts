import { contentType, UNKNOWN_TYPE } from './content-type.ts'
import { parseRange } from './range.ts'

/** A stored file as it is read. */
export interface StoredFile {
  /** Bytes. */
  readonly size: number
  /** The bytes from `start` to `end`, both included. */
  read(start: number, end: number): Promise<Uint8Array>
}

export interface MediaAnswer {
  status: 200 | 206 | 415 | 416
  headers: Record<string, string>
  /** A sentence where it is an error. */
  body: AsyncIterable<Uint8Array> | string
}

/** What a page may show or play; everything else is for saving only. */
const SHOWN: ReadonlySet<string> = new Set([
  'image/jpeg',
  'image/png',
  'image/apng',
  'image/gif',
  'image/webp',
  'image/avif',
  'image/bmp',
  'audio/wav',
  'audio/mpeg',
  'audio/ogg',
  'audio/ogg; codecs=opus',
  'audio/aac',
  'audio/mp4',
  'audio/x-m4a',
  'audio/amr',
  'audio/flac',
  'video/mp4',
  'video/webm',
  'video/quicktime',
  'video/3gpp',
  'video/ogg',
])
/** Enough for every type to be known by. */
const HEAD_BYTES = 4_100
const PIECE_BYTES = 256 * 1024

/**
 * Answers for a stored file, whole or in part, as what its bytes say it is. What is not to be shown comes as a file to
 * be saved, of no type that anything would run; and the policy lets even that do nothing.
 */
export async function answerMedia(file: StoredFile, rangeHeader: string | null): Promise<MediaAnswer> {
  if (file.size === 0) return failed(415, 'This attachment is empty.')
  const type = await contentType(await file.read(0, Math.min(HEAD_BYTES, file.size) - 1))
  const isShown = SHOWN.has(type)
  const headers = {
    'content-type': isShown || type === 'application/pdf' || type === 'text/vcard' ? type : UNKNOWN_TYPE,
    'content-disposition': isShown ? 'inline' : 'attachment',
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'accept-ranges': 'bytes',
  }
  const range = parseRange(rangeHeader, file.size)
  if (range === 'unsatisfiable')
    return failed(416, 'The attachment is shorter than that.', {
      'content-range': `bytes */${String(file.size)}`,
    })
  const { start, end } = range === 'whole' ? { start: 0, end: file.size - 1 } : range
  return {
    status: range === 'whole' ? 200 : 206,
    headers: {
      ...headers,
      'content-length': String(end - start + 1),
      ...(range !== 'whole' && {
        'content-range': `bytes ${String(start)}-${String(end)}/${String(file.size)}`,
      }),
    },
    body: pieces(file, start, end),
  }
}

async function* pieces(file: StoredFile, start: number, end: number): AsyncGenerator<Uint8Array> {
  for (let at = start; at <= end; at += PIECE_BYTES)
    yield await file.read(at, Math.min(at + PIECE_BYTES - 1, end))
}

function failed(status: 415 | 416, sentence: string, headers: Record<string, string> = {}): MediaAnswer {
  return {
    status,
    headers: { ...headers, 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
    body: sentence,
  }
}
