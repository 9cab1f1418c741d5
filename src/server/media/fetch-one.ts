import type { MediaFile, MediaItem } from '../../shared/documents.ts'
import { SwitchboardError } from '../../shared/errors.ts'
import type { CarrierError } from '../carrier/carrier.ts'
import { WRONG_CREDENTIALS } from '../twilio-codes.ts'
import type { MediaSource } from '../carrier/twilio-media.ts'
import type { Blobs } from '../store/blobs.ts'
import { describe } from './content-type.ts'

/** Bytes. Twilio takes 5 MB from phones and WhatsApp 16 MB (documents more); an hour's recording has 58 MB. */
const LARGEST_FILE = 25_000_000
const LARGEST_RECORDING = 64_000_000

/** What came of one try. */
export type Fetched =
  | { kind: 'here'; file: MediaFile }
  /** Not to be had, or not to be kept. */
  | { kind: 'never'; problem: string; gone?: true }
  /** Nothing is at its address: deleted, or of a message so young that Twilio does not have it everywhere yet. */
  | { kind: 'missing' }
  /** `counts`: so many of these and it is given up. `wait`: ms the carrier asked for, from everybody. */
  | { kind: 'later'; problem: string; counts: boolean; wait?: number }

/** Brings one file from the carrier to the disk. Throws SwitchboardError when the disk refuses. */
export async function fetchOne(
  item: MediaItem,
  source: MediaSource,
  blobs: Pick<Blobs, 'put'>,
  signal: AbortSignal,
): Promise<Fetched> {
  const limit = item.recording_sid === undefined ? LARGEST_FILE : LARGEST_RECORDING
  const tooLarge: Fetched = {
    kind: 'never',
    problem: `It is larger than ${String(limit / 1_000_000)} MB, so it was not taken.`,
  }
  const opened = await source.openMedia(item.url, signal)
  if (!opened.ok) return refused(opened.error)
  const { chunks, length } = opened.value
  let received = 0
  /** Ends where the limit is passed, so that an endless one ends too; and what ended too early is no file. */
  const counted = (async function* () {
    if (length !== undefined && length > limit) throw new Oversize()
    for await (const chunk of chunks) {
      received += chunk.byteLength
      if (received > limit) throw new Oversize()
      yield chunk
    }
    if (length !== undefined && received !== length) throw new Error('the connection ended too early')
  })()
  try {
    const { hash, size, head } = await blobs.put(counted, limit)
    return { kind: 'here', file: { hash, size, ...(await describe(head)) } }
  } catch (error) {
    if (error instanceof SwitchboardError) throw error
    if (error instanceof Oversize) return tooLarge
    return { kind: 'later', problem: 'The connection to Twilio broke while it came.', counts: true }
  }
}

export const GONE = {
  kind: 'never',
  gone: true,
  problem: 'It was deleted at Twilio and can’t be had any more.',
} as const satisfies Fetched

class Oversize extends Error {}

function refused({ kind, code, status, retryAfter, sentence }: CarrierError): Fetched {
  if (status === 404) return { kind: 'missing' }
  if (status === 410) return GONE
  if (kind === 'limited')
    return { kind: 'later', problem: 'Twilio is asked too often.', counts: false, wait: retryAfter ?? 30_000 }
  // A token that was renewed or revoked says nothing of the file: it is there again with the right one.
  if (code === WRONG_CREDENTIALS)
    return {
      kind: 'later',
      problem: 'Twilio refused the account’s token. Check the account in Settings, then try again.',
      counts: false,
    }
  if (status === 401 || status === 403) return { kind: 'later', problem: answered(status), counts: true }
  if (kind === 'refused') return { kind: 'never', problem: status === 0 ? sentence : answered(status) }
  if (kind === 'unreached') return { kind: 'later', problem: 'Twilio could not be reached.', counts: false }
  return {
    kind: 'later',
    problem: status === 0 ? 'The connection to Twilio broke.' : answered(status),
    counts: true,
  }
}

const answered = (status: number): string =>
  status === 508
    ? 'Twilio sent us on to an address that is not followed.'
    : `Twilio did not give it (HTTP ${String(status)}).`
