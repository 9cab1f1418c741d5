import type {
  CallBegan,
  InboundMessage,
  Intake,
  SentElsewhere,
  SpokenLine,
  TranscriptMade,
  VoicemailLeft,
} from '../intake/types.ts'

export const IMPORT_FORMATS = ['twilio', 'twilio-csv', 'mongoexport', 'switchboard'] as const
export type ImportFormat = (typeof IMPORT_FORMATS)[number]

/** What a reader finds in a file: a value with the line it begins on, or a line it could not read. */
export type Found<T> = { line: number; value: T } | { line: number; reason: string }

/** One message of a file, as the intake takes it, with its own time in ms. */
export type Entry =
  | { kind: 'message'; at: number; of: InboundMessage }
  | { kind: 'sent'; at: number; of: SentElsewhere }
  | { kind: 'call'; at: number; of: CallBegan; duration_s?: number }
  | { kind: 'voicemail'; at: number; of: VoicemailLeft; transcript?: TranscriptMade }
  | { kind: 'spoken'; at: number; of: SpokenLine }

/** What a value of a file says: a message, something that is none, or why it can't be taken. */
export type Said = { entry: Entry } | { other: true } | { reason: string }

export interface ImportProgress {
  read: number
  taken: number
  known: number
  refused: number
  bytes: number
  total_bytes: number
}

/** The documented result of `switchboard import --json`. */
export interface ImportResult {
  format: ImportFormat
  dry_run: boolean
  /** Records of the file, good and bad. */
  read: number
  /** Messages that were not there before (with dry_run: that would be taken). */
  taken: number
  /** Messages that were there already, by this file or another way. */
  known: number
  /** Documents that are no messages: sessions, channels, contacts. */
  other: number
  /** Records that could not be read or taken. */
  refused: number
  /** The first 100 of them. */
  errors: { line: number; reason: string }[]
}

/** A file to import. Opened again for each pass over it. */
export interface ImportFile {
  /** As the person named it. */
  name: string
  bytes: number
  open(): AsyncIterable<Uint8Array>
}

export interface ImportOptions {
  file: ImportFile
  /** Guessed from the file's beginning when it is not given. */
  format?: ImportFormat
  dryRun?: boolean
  intake: Intake
  /** Whether a message with this SID is there already; for a dry run. */
  has: (sid: string) => Promise<boolean>
  /** The number of a channel the store knows by this id. */
  channelNumber: (id: string) => string | undefined
  progress?: (progress: ImportProgress) => void
  /** Ends the import; what was taken stays, and the same import goes on from there when it is run again. */
  signal?: AbortSignal
}
