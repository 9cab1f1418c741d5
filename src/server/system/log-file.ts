import type { LogSink } from './log.ts'

/**
 * The folder of the logs, as the store's disk offers it (only src/server/store touches files).
 * Names are plain file names. The folder has mode 0700, its files 0600; both are made when they are missing.
 */
export interface LogFolder {
  /** Appends bytes, or none to learn the size; resolves with the file's size in bytes afterwards. */
  append(name: string, bytes: Uint8Array): Promise<number>
  /** Replaces `to`; a missing `from` is no error. */
  rename(from: string, to: string): Promise<void>
}

export interface LogFileOptions {
  folder: LogFolder
  name?: string
  /** Bytes after which a file is put aside. */
  maxBytes?: number
  /** Files kept, the one being written included: name, name.1 (newer) … */
  files?: number
}

export interface LogFile {
  sink: LogSink
  /** Resolves when all lines given so far are in the file, or could not be put there. */
  flush(): Promise<void>
}

/** A line begins with its time: the note about lost ones takes that of the line after them. */
const timeOf = (lines: readonly string[]): string => lines[0]?.slice(0, 24) ?? ''

/** Bytes that may wait for a slow disk; beyond them lines are counted, not kept. */
const MAX_WAITING = 8 * 1024 * 1024

/**
 * Writes lines to `switchboard.log`, behind the caller's back: nothing waits for it and its errors end here. What could
 * not be written is told in the file when it can be again.
 */
export function createLogFile(options: LogFileOptions): LogFile {
  const { folder, name = 'switchboard.log', maxBytes = 5 * 1024 * 1024, files = 5 } = options
  const waiting: string[] = []
  let waitingBytes = 0
  let lost = 0
  let size: number | undefined
  let writing: Promise<void> | undefined

  const rotate = async (): Promise<void> => {
    for (let n = files - 2; n >= 0; n -= 1)
      await folder.rename(n === 0 ? name : `${name}.${n}`, `${name}.${n + 1}`)
    size = 0
  }
  const writeBatch = async (): Promise<void> => {
    const lines = takeUpTo(maxBytes)
    try {
      size ??= await folder.append(name, new Uint8Array(0))
      const note = lost > 0 ? `${timeOf(lines)} [warn] ${lost} lines of this log could not be written\n` : ''
      const bytes = Buffer.from(note + lines.join(''))
      // Windows may refuse a rename while somebody looks: then the file grows until it can be put aside.
      if (size > 0 && size + bytes.length > maxBytes && files > 1) await rotate().catch(() => undefined)
      size = await folder.append(name, bytes)
      lost = 0
    } catch {
      // A full or broken disk: the lines are still on stderr, and the file says how many it lacks.
      lost += lines.length
      size = undefined
    }
  }
  const takeUpTo = (bytes: number): string[] => {
    let count = 0
    let taken = 0
    for (const line of waiting) {
      const length = Buffer.byteLength(line)
      if (count > 0 && taken + length > bytes) break
      taken += length
      count += 1
    }
    waitingBytes -= taken
    return waiting.splice(0, count)
  }
  const writeAll = async (): Promise<void> => {
    // Lets the lines of one turn of the loop go out in one write.
    await Promise.resolve()
    while (waiting.length > 0) await writeBatch()
    writing = undefined
  }

  return {
    sink: (line) => {
      const length = Buffer.byteLength(line)
      if (waitingBytes + length > MAX_WAITING) {
        lost += 1
        return
      }
      waiting.push(line)
      waitingBytes += length
      writing ??= writeAll()
    },
    flush: async () => {
      while (writing) await writing
    },
  }
}
