import { type FileHandle, open } from 'node:fs/promises'
import * as fs from 'node:fs'
import { promisify } from 'node:util'

const write = promisify(fs.write)
const sync = promisify(fs.fdatasync)

/** The least that makes lines durable for many at once: one write and one fdatasync for all that wait. */
export class RawJournal {
  readonly #file: FileHandle
  #waiting: { line: string; resolve: () => void; reject: (error: unknown) => void }[] = []
  #flushing = false

  private constructor(file: FileHandle) {
    this.#file = file
  }

  static async open(file: string): Promise<RawJournal> {
    return new RawJournal(await open(file, 'a'))
  }

  append(line: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ line, resolve, reject })
      if (!this.#flushing) void this.#flush()
    })
  }

  async close(): Promise<void> {
    await this.#file.close()
  }

  async #flush(): Promise<void> {
    this.#flushing = true
    await new Promise(setImmediate)
    while (this.#waiting.length > 0) {
      const batch = this.#waiting
      this.#waiting = []
      try {
        let text = ''
        for (const { line } of batch) text += `${line}\n`
        await write(this.#file.fd, Buffer.from(text))
        await sync(this.#file.fd)
        for (const { resolve } of batch) resolve()
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
      if (this.#waiting.length === 0) await new Promise(setImmediate)
    }
    this.#flushing = false
  }
}
