import { basename, dirname, join } from 'node:path'
import type { Clock, Log } from '../ports.ts'
import { renamePatiently, writeWhole } from './atomic.ts'
import type { Disk } from './disk.ts'
import type { Paths } from './paths.ts'

/** Something that was wrong with the data, and what became of it. */
export interface Problem {
  /** File, relative to the data folder. */
  file: string
  what: string
  /** What was done about it. */
  done: string
  at: string
}

/** Keeps what can't be used: nothing is ever thrown away. */
export class SetAside {
  readonly problems: Problem[] = []
  readonly #disk: Disk
  readonly #paths: Paths
  readonly #clock: Clock
  readonly #log: Log

  constructor(disk: Disk, paths: Paths, clock: Clock, log: Log) {
    this.#disk = disk
    this.#paths = paths
    this.#clock = clock
    this.#log = log
  }

  report(file: string, what: string, done: string): void {
    const name = file.startsWith(this.#paths.folder) ? file.slice(this.#paths.folder.length + 1) : file
    this.problems.push({ file: name, what, done, at: new Date(this.#clock.now()).toISOString() })
    this.#log.warn(`${name}: ${what}; ${done}.`)
  }

  /** Moves a whole file away. */
  async file(file: string): Promise<string> {
    const target = await this.#target(file)
    await renamePatiently(this.#disk, file, target)
    await this.#disk.syncFolder(dirname(file))
    return target
  }

  /** Keeps a piece of a file, e.g. one bad line of a journal. */
  async piece(file: string, text: string): Promise<string> {
    const target = await this.#target(file)
    await writeWhole(this.#disk, target, [Buffer.from(`${text}\n`)])
    return target
  }

  async #target(file: string): Promise<string> {
    await this.#disk.makeFolder(this.#paths.setAside)
    const stamp = new Date(this.#clock.now()).toISOString().replaceAll(':', '-')
    const taken = new Set(await this.#disk.list(this.#paths.setAside))
    const base = `${stamp}-${basename(dirname(file))}-${basename(file)}`
    let name = base
    for (let n = 2; taken.has(name); n++) name = `${base}.${String(n)}`
    return join(this.#paths.setAside, name)
  }
}
