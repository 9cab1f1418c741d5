import type { SwitchboardError } from '../../shared/errors.ts'
import { oneLine } from '../system/index.ts'

/** What a command sees of the terminal it runs in; tests pass their own. */
export interface Terminal {
  /** Resolves when the reader can take more; rejects with code EPIPE when it has gone. */
  stdout: (text: string) => Promise<void>
  stderr: (text: string) => void
  /** Whether a person watches stderr: then progress is one line that is written over. */
  isWatched: boolean
  env: Readonly<Record<string, string | undefined>>
  platform: NodeJS.Platform
  home: string
  cwd: string
  /** Calls back once, on SIGTERM or SIGINT. */
  onStop: (stop: () => void) => void
}

/** Characters written at once. */
const WRITE_SIZE = 64 * 1024

/** One command's output: JSON values or words for a person on stdout, everything else on stderr. */
export class Output {
  readonly #terminal: Terminal
  readonly isJson: boolean
  #progressShown = false

  constructor(terminal: Terminal, isJson: boolean) {
    this.#terminal = terminal
    this.isJson = isJson
  }

  /** One JSON value a line. */
  value(value: unknown): Promise<void> {
    return this.#terminal.stdout(`${JSON.stringify(value)}\n`)
  }

  /** Many values, each on its line, in writes of a good size. */
  async values(values: AsyncIterable<unknown>): Promise<void> {
    let text = ''
    for await (const value of values) {
      text += `${JSON.stringify(value)}\n`
      if (text.length < WRITE_SIZE) continue
      await this.#terminal.stdout(text)
      text = ''
    }
    if (text !== '') await this.#terminal.stdout(text)
  }

  /** Words for a person; the caller escapes what is not its own. */
  words(text: string): Promise<void> {
    return this.#terminal.stdout(`${text}\n`)
  }

  /** The result, as JSON with --json, otherwise in words. */
  result(value: unknown, words: () => string): Promise<void> {
    return this.isJson ? this.value(value) : this.words(words())
  }

  note(text: string): void {
    this.#endProgress()
    this.#terminal.stderr(`${oneLine(text)}\n`)
  }

  /** How far a long job is: on a terminal one line, written over; with --json a value a line on stderr. */
  progress(value: unknown, words: () => string): void {
    if (this.isJson) this.#terminal.stderr(`${JSON.stringify({ event: 'progress', ...Object(value) })}\n`)
    else if (this.#terminal.isWatched) {
      this.#terminal.stderr(`\r\u001b[K${oneLine(words())}`)
      this.#progressShown = true
    }
  }

  #endProgress(): void {
    if (this.#progressShown) this.#terminal.stderr('\r\u001b[K')
    this.#progressShown = false
  }

  /** A refusal, in its own sentence and with its code; with --json also as a value on stdout. */
  async refusal(error: SwitchboardError): Promise<void> {
    this.note(`${error.message} (${error.code})`)
    if (this.isJson) await this.value({ error: { code: error.code, message: error.message } })
  }
}

export function isClosedPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE'
}
