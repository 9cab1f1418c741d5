import { join } from 'node:path'
import type { Clock } from '../ports.ts'
import { type Blob, Blobs, isHash, type Written } from './blobs.ts'
import type { Disk } from './disk.ts'

const DAY_MS = 24 * 3_600_000
const DAY = /^\d{4}-\d{2}-\d{2}$/
/** Whole days that an attached file stays after the one on which a draft last held it. */
const KEPT_DAYS = 7

interface Options {
  disk: Disk
  folder: string
  /** Where a file is from when a message speaks of it. */
  sent: Blobs
  clock: Clock
}

/**
 * Files attached to what is still being written, under `attached/`, each in the folder of a day (UTC). Most are sent and
 * move among the files of messages. The others have no end of their own: they go with the folder of their day.
 */
export class AttachedFiles {
  readonly #disk: Disk
  readonly #folder: string
  readonly #sent: Blobs
  readonly #clock: Clock
  readonly #days = new Map<string, Blobs>()
  #moving: Promise<unknown> = Promise.resolve()

  constructor({ disk, folder, sent, clock }: Options) {
    this.#disk = disk
    this.#folder = folder
    this.#sent = sent
    this.#clock = clock
  }

  /** As `Blobs.put`. */
  put(chunks: Iterable<Uint8Array>, limit: number): Promise<Written> {
    return this.#day(this.#today()).put(chunks, limit)
  }

  /** A file of a message, or one that is attached; undefined when there is none, or the name is none of ours. */
  async open(hash: string): Promise<Blob | undefined> {
    if (!isHash(hash)) return undefined
    return (await this.#sent.open(hash)) ?? (await this.#find(hash))?.blob
  }

  /** From now on it is a message's. False when it is not here any more. */
  take(hash: string): Promise<boolean> {
    return this.#inTurn(async () => {
      if (await this.#sent.open(hash)) return true
      const found = await this.#find(hash)
      return found !== undefined && (await this.#sent.takeFrom(found.day, hash))
    })
  }

  /** A draft still holds it: its days begin anew. */
  renew(hash: string): Promise<void> {
    return this.#inTurn(async () => {
      const today = this.#day(this.#today())
      const found = await this.#find(hash)
      if (found && found.day !== today) await today.takeFrom(found.day, hash)
    })
  }

  /** Removes what no draft has held for KEPT_DAYS; says how many days went. */
  sweep(): Promise<number> {
    return this.#inTurn(async () => {
      const over = (await this.#names()).filter(
        (day) => Date.parse(day) + (KEPT_DAYS + 1) * DAY_MS <= this.#clock.now(),
      )
      for (const day of over) {
        this.#days.delete(day)
        await this.#disk.removeFolder(join(this.#folder, day))
      }
      return over.length
    })
  }

  async #find(hash: string): Promise<{ day: Blobs; blob: Blob } | undefined> {
    if (!isHash(hash)) return undefined
    for (const name of (await this.#names()).reverse()) {
      const day = this.#day(name)
      const blob = await day.open(hash)
      if (blob) return { day, blob }
    }
    return undefined
  }

  async #names(): Promise<string[]> {
    return (await this.#disk.list(this.#folder)).filter((name) => DAY.test(name))
  }

  #today(): string {
    return new Date(this.#clock.now()).toISOString().slice(0, 10)
  }

  /** One for each day: names of what is half written are its own. */
  #day(name: string): Blobs {
    const day = this.#days.get(name) ?? new Blobs(this.#disk, join(this.#folder, name))
    this.#days.set(name, day)
    return day
  }

  /** One after another: a file that two want is moved once. */
  #inTurn<T>(move: () => Promise<T>): Promise<T> {
    const moved = this.#moving.then(move)
    this.#moving = moved.catch(() => undefined)
    return moved
  }
}
