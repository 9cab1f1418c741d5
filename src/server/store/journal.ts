import { dirname } from 'node:path'
import type { SwitchboardError } from '../../shared/errors.ts'
import { diskError, writeFully } from './atomic.ts'
import type { Disk, OpenFile } from './disk.ts'
import { encodeHeader, type JournalHeader } from './record.ts'

/** A record on its way down, and who waits for it. */
export interface Pending {
  seq: number
  /** Without its newline. */
  line: string
  /** Durable. Called in order; must not throw. */
  done(): void
}

export interface JournalHooks {
  /** A batch could not be written: everything handed over and not yet done is refused, newest first to be undone. */
  failed(error: SwitchboardError, refused: Pending[]): void
  /** A new file has begun; `closed` is the number of the one before. */
  rotated(closed: number): void
}

/** Room there must be before a full disk counts as usable again, in bytes; less would be full again at once. */
const ROOM = 1_000_000

/** At most so many characters are joined into one write, so that encoding them holds the loop for a moment only. */
const BATCH_CHARACTERS = 1_000_000

/**
 * The append-only file that makes a change durable. All records that wait go down in one write and one fdatasync;
 * while one such flush is under way the next batch collects (group commit).
 */
export class Journal {
  readonly #disk: Disk
  readonly #hooks: JournalHooks
  readonly #nameOf: (number: number) => string
  readonly #header: (number: number, from: number) => JournalHeader
  readonly #recordsPerFile: number
  #file: OpenFile | undefined
  #queue: Pending[] = []
  #flight: Promise<void> | undefined
  #size = 0
  #records = 0
  #rotateNext = false
  #broken = false
  #waiters: { seq: number; resolve: () => void; reject: (error: unknown) => void }[] = []
  number: number
  /** Newest durable sequence number. */
  durable: number

  constructor(options: {
    disk: Disk
    hooks: JournalHooks
    nameOf: (number: number) => string
    header: (number: number, from: number) => JournalHeader
    recordsPerFile: number
    number: number
    durable: number
  }) {
    this.#disk = options.disk
    this.#hooks = options.hooks
    this.#nameOf = options.nameOf
    this.#header = options.header
    this.#recordsPerFile = options.recordsPerFile
    this.number = options.number
    this.durable = options.durable
  }

  /** Records in the file that is open now. */
  get records(): number {
    return this.#records
  }

  /** Begins file `number`. */
  async start(): Promise<void> {
    await this.#begin(this.number)
  }

  push(pending: Pending): void {
    this.#queue.push(pending)
    this.#wake()
  }

  /** Resolves when `seq` is durable; rejects when a batch fails before that. */
  whenDurable(seq: number): Promise<void> {
    if (seq <= this.durable) return Promise.resolve()
    return new Promise((resolve, reject) => this.#waiters.push({ seq, resolve, reject }))
  }

  /** Begins a new file behind everything that waits now. Returns the number of the new file. */
  async rotate(): Promise<number> {
    await this.#idle()
    if (this.#broken) throw diskError(new Error('the journal cannot be written'))
    if (this.#records === 0) return this.number
    this.#rotateNext = true
    this.#wake()
    await this.#idle()
    return this.number
  }

  /** After a failure: tries to go on in a fresh file. Throws while the disk still refuses. */
  async revive(): Promise<void> {
    // What was refused may stand behind the last good record. The new file's `from` says that it doesn't count, so a
    // cut that fails is no harm.
    await this.#file?.truncate(this.#size).catch(() => undefined)
    await this.#file?.sync().catch(() => undefined)
    await this.#tryRoom()
    const closed = this.number
    await this.#begin(closed + 1)
    this.#broken = false
    this.#hooks.rotated(closed)
  }

  async close(): Promise<void> {
    await this.#idle()
    await this.#file?.close()
    this.#file = undefined
  }

  async #idle(): Promise<void> {
    while (this.#flight) await this.#flight
  }

  #wake(): void {
    if (this.#flight || this.#broken) return
    this.#flight = new Promise((resolve) => {
      // Whatever else this turn of the loop brings joins the first batch.
      setImmediate(() => {
        void this.#flush().finally(() => {
          this.#flight = undefined
          resolve()
        })
      })
    })
  }

  async #flush(): Promise<void> {
    while ((this.#queue.length > 0 || this.#rotateNext) && !this.#broken) {
      const batch = this.#takeBatch()
      try {
        if (batch.length > 0) await this.#writeBatch(batch)
        if (this.#rotateNext || this.#records >= this.#recordsPerFile) await this.#rotateNow()
      } catch (error) {
        await this.#fail(error, batch)
        return
      }
      if (this.#queue.length === 0) await new Promise(setImmediate)
    }
  }

  #takeBatch(): Pending[] {
    let characters = 0
    let count = 0
    while (count < this.#queue.length && characters < BATCH_CHARACTERS)
      characters += this.#queue[count++]?.line.length ?? 0
    if (count < this.#queue.length) return this.#queue.splice(0, count)
    const batch = this.#queue
    this.#queue = []
    return batch
  }

  async #writeBatch(batch: Pending[]): Promise<void> {
    if (!this.#file) throw new Error('the journal is not open')
    let text = ''
    for (const pending of batch) text += pending.line + '\n'
    const bytes = Buffer.from(text)
    await writeFully(this.#file, bytes, this.#size)
    await this.#file.sync()
    this.#size += bytes.byteLength
    this.#records += batch.length
    this.durable = batch.at(-1)?.seq ?? this.durable
    batch.length = this.#report(batch)
  }

  /** Tells who waits. Returns 0: nothing of the batch can be refused any more. */
  #report(batch: Pending[]): number {
    for (const pending of batch) pending.done()
    if (this.#waiters.length > 0) {
      const ready = this.#waiters.filter((w) => w.seq <= this.durable)
      this.#waiters = this.#waiters.filter((w) => w.seq > this.durable)
      for (const waiter of ready) waiter.resolve()
    }
    return 0
  }

  async #rotateNow(): Promise<void> {
    this.#rotateNext = false
    const closed = this.number
    await this.#begin(closed + 1)
    this.#hooks.rotated(closed)
  }

  async #tryRoom(): Promise<void> {
    const name = `${this.#nameOf(this.number)}.room.tmp`
    await this.#disk.remove(name)
    const file = await this.#disk.open(name, 'new')
    try {
      await writeFully(file, Buffer.alloc(ROOM), 0)
      await file.sync()
    } finally {
      await file.close().catch(() => undefined)
      await this.#disk.remove(name).catch(() => undefined)
    }
  }

  async #begin(number: number): Promise<void> {
    const name = this.#nameOf(number)
    // A number that failed half-way before may have left a file behind; nothing in it was ever acknowledged.
    await this.#disk.remove(name)
    const file = await this.#disk.open(name, 'new')
    const bytes = Buffer.from(encodeHeader(this.#header(number, this.durable + 1)) + '\n')
    try {
      await writeFully(file, bytes, 0)
      await file.sync()
      await this.#disk.syncFolder(dirname(name))
    } catch (error) {
      await file.close().catch(() => undefined)
      await this.#disk.remove(name).catch(() => undefined)
      throw error
    }
    const old = this.#file
    this.#file = file
    this.#size = bytes.byteLength
    this.#records = 0
    this.number = number
    await old?.close().catch(() => undefined)
  }

  async #fail(cause: unknown, batch: Pending[]): Promise<void> {
    this.#broken = true
    this.#rotateNext = false
    const refused = [...batch, ...this.#queue]
    this.#queue = []
    const error = diskError(cause)
    const waiters = this.#waiters
    this.#waiters = []
    // Memory goes back first, in this very turn: nobody may see what is not going to be.
    this.#hooks.failed(error, refused)
    for (const waiter of waiters) waiter.reject(error)
    await this.#file?.truncate(this.#size).catch(() => undefined)
  }
}
