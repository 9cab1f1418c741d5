import type { CarrierMessage } from '../carrier/carrier.ts'
import type { CallRecord, RecordingRecord } from '../carrier/lists.ts'
import type { Asking } from './details.ts'
import type { Belonging } from './sources.ts'

/** Something the carrier lists, with its own time (ms). */
export type Found = { at: number } & (
  | { kind: 'message'; of: CarrierMessage }
  | { kind: 'call'; of: CallRecord }
  | { kind: 'recording'; of: RecordingRecord }
)

/** What shows that it has changed since it was last seen. */
export function fingerprint({ kind, of }: Found): string {
  switch (kind) {
    case 'message':
      return `${of.status} ${of.error_code ?? ''} ${of.media_count}`
    case 'call':
      return `${of.status} ${of.duration_s ?? ''}`
    case 'recording':
      return of.status
  }
}

/** What one pass works with. */
export interface Round extends Asking, Belonging {
  /** The webhook of what is younger (ms) is perhaps on its way. */
  horizon: number
}

/** What became of some of what was found. */
export interface Outcomes {
  /** New here. */
  fresh: number
  /** When contacts wrote or called what is new and was missed (ms). */
  heard: number[]
  /** Times (ms) of what could not be decided or taken: to be read again soon. */
  left: number[]
  /** Times (ms) of what the carrier would not tell all of: to be read again later. */
  refused: number[]
  looked: number
}
