import { SwitchboardError } from '../../shared/errors.ts'
import { csvValues } from './csv.ts'
import { DocumentReader } from './documents.ts'
import { type Shape, shapeOf } from './guess.ts'
import { jsonValues } from './json.ts'
import { type Put, putInto } from './put.ts'
import { SeenSids } from './seen-sids.ts'
import { Slots } from './slots.ts'
import { textOf } from './text.ts'
import { twilioMessage } from './twilio.ts'
import type { Entry, Found, ImportFile, ImportOptions, ImportResult, Said } from './types.ts'

/** Messages offered to the intake and not yet durable: enough to fill a group commit, little enough to hold. */
const IN_FLIGHT = 256
const MOST_ERRORS = 100
/** Records between two tellings of how far it is. */
const TELL_EVERY = 1_000

/**
 * Puts a file's messages in by the one way in, in the order of the file, in bounded memory. Twice changes nothing: what
 * is there already is known by its SID. A record that can't be read or taken is told of and passed over.
 * Throws SwitchboardError: `file_unreadable`, `not_possible` when it is stopped, and the store's `disk_full` and
 * `disk_failed`; what was taken by then stays.
 */
export async function runImport(options: ImportOptions): Promise<ImportResult> {
  const { file, intake, progress, signal } = options
  const { format, layout } = await shapeOf(file, options.format)
  const result: ImportResult = {
    format,
    dry_run: options.dryRun === true,
    read: 0,
    taken: 0,
    known: 0,
    other: 0,
    refused: 0,
    errors: [],
  }
  let bytes = 0
  let failure: Error | undefined
  const counted: ImportFile = { ...file, open: () => counting(file.open(), (read) => (bytes = read)) }
  const tell = (): void =>
    progress?.({
      read: result.read,
      taken: result.taken,
      known: result.known,
      refused: result.refused,
      bytes,
      total_bytes: file.bytes,
    })
  const refuse = (line: number, reason: string): void => {
    result.refused += 1
    if (result.errors.length < MOST_ERRORS) result.errors.push({ line, reason })
  }
  const put: Put = options.dryRun ? dryPut(options) : putInto(intake, format)
  const slots = new Slots(IN_FLIGHT)

  const offer = (line: number, said: Said): void => {
    if ('reason' in said) return refuse(line, said.reason)
    if ('other' in said) {
      result.other += 1
      return
    }
    slots.run(
      put(said.entry)
        .then((fresh) => {
          if (fresh) result.taken += 1
          else result.known += 1
        })
        .catch((error: unknown) => {
          const isOfTheMessage =
            error instanceof SwitchboardError && error.code !== 'disk_full' && error.code !== 'disk_failed'
          if (isOfTheMessage) refuse(line, error.message)
          else failure ??= error instanceof Error ? error : new Error('the import failed', { cause: error })
        }),
    )
  }

  const read = await readerFor({ format, layout }, file, options.channelNumber, signal)
  tell()
  for await (const batch of valuesOf(counted, { format, layout })) {
    for (const found of batch) {
      stopIf(signal)
      result.read += 1
      if ('value' in found) offer(found.line, read(found.value))
      else refuse(found.line, found.reason)
      if (slots.isFull) await slots.room()
      if (failure !== undefined) break
      if (result.read % TELL_EVERY === 0) tell()
    }
    if (failure !== undefined) break
  }
  await slots.empty()
  if (failure !== undefined) throw failure
  result.errors.sort((a, b) => a.line - b.line)
  tell()
  return result
}

function valuesOf(file: ImportFile, { format, layout }: Shape): AsyncIterable<Found<unknown>[]> {
  return format === 'twilio-csv' ? csvValues(file.open()) : jsonValues(textOf(file.open()), layout)
}

async function readerFor(
  shape: Shape,
  file: ImportFile,
  channelNumber: ImportOptions['channelNumber'],
  signal: AbortSignal | undefined,
): Promise<(value: unknown) => Said> {
  switch (shape.format) {
    case 'twilio':
    case 'twilio-csv':
      return twilioMessage
    case 'mongoexport':
    case 'switchboard': {
      const documents = new DocumentReader(channelNumber)
      for await (const batch of valuesOf(file, shape)) {
        stopIf(signal)
        for (const found of batch) documents.learn(found)
      }
      return (value) => documents.read(value)
    }
  }
}

function stopIf(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new SwitchboardError('not_possible', {
      what: 'The import was stopped. What was taken stays; run it again to take the rest.',
    })
  }
}

/** Nothing is put in: says what would be new, counting what the file has twice once. */
function dryPut({ has }: ImportOptions): Put {
  const seen = new SeenSids()
  return async (entry) => {
    const sid = sidOf(entry)
    const isFirst = seen.add(sid)
    return isFirst && !(await has(sid))
  }
}

function sidOf(entry: Entry): string {
  switch (entry.kind) {
    case 'message':
    case 'sent':
      return entry.of.sid
    case 'call':
      return entry.of.call_sid
    case 'voicemail':
      return entry.of.recording_sid
    case 'spoken':
      return `${entry.of.call_sid}:${entry.of.event}`
  }
}

async function* counting(
  bytes: AsyncIterable<Uint8Array>,
  told: (read: number) => void,
): AsyncGenerator<Uint8Array> {
  let read = 0
  for await (const chunk of bytes) {
    read += chunk.byteLength
    told(read)
    yield chunk
  }
}
