import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { SwitchboardError } from '../../shared/errors.ts'
import { renamePatiently, writeFully } from './atomic.ts'
import { type Disk, isCode } from './disk.ts'
import type { Identify } from './process-identity.ts'

/** What `running.json` says of the process that has the store. */
export interface Running {
  pid: number
  /** Which run of that pid: see process-identity.ts. */
  started: string
  /** Loopback control port and its secret; 0 and empty while there is none. */
  port: number
  secret: string
}

export interface LockOptions {
  disk: Disk
  /** `running.json` */
  file: string
  /** The data folder, for the message. */
  folder: string
  identify: Identify
  pid: number
}

/** How long another's takeover may last before it is given up, in steps of 10 ms. */
const STEPS = 300
let temporaries = 0

/** The right to write in a data folder; held by one process at a time. */
export class Lock {
  readonly #options: LockOptions
  #content: string

  private constructor(options: LockOptions, content: string) {
    this.#options = options
    this.#content = content
  }

  /** Throws SwitchboardError data_locked while a living process has it. */
  static async acquire(options: LockOptions): Promise<Lock> {
    const started = (await options.identify(options.pid)) ?? 'alive'
    const content =
      JSON.stringify({ pid: options.pid, started, port: 0, secret: '' } satisfies Running) + '\n'
    await take(options, options.file, content)
    return new Lock(options, content)
  }

  /** Says where the owner can be reached. */
  async announce(port: number, secret: string): Promise<void> {
    const own = JSON.parse(this.#content) as Running
    const content = JSON.stringify({ ...own, port, secret }) + '\n'
    const temporary = await writeTemporary(this.#options.disk, this.#options.file, content)
    await renamePatiently(this.#options.disk, temporary, this.#options.file)
    this.#content = content
  }

  async release(): Promise<void> {
    const { disk, file } = this.#options
    if ((await read(disk, file)) === this.#content) await disk.remove(file)
  }
}

/** The living process that has the store, if any. */
export async function readRunning(
  disk: Disk,
  file: string,
  identify: Identify,
): Promise<Running | undefined> {
  const text = await read(disk, file)
  const running = text === undefined ? undefined : parse(text)
  return running && (await isLive(running, identify)) ? running : undefined
}

/**
 * Makes `file` ours. It is created whole by link(), which fails when there is one. A stale one of content S may be
 * replaced only by who holds the claim file named after S, taken by this same procedure, and still finds S there.
 */
async function take(options: LockOptions, file: string, content: string): Promise<void> {
  const { disk, identify } = options
  let temporary = await writeTemporary(disk, file, content)
  try {
    for (let step = 0; step < STEPS; step++) {
      try {
        await disk.link(temporary, file)
        return
      } catch (error) {
        if (isCode(error, 'ENOENT')) {
          // Who has just got the folder cleared it of what a crash may have left, ours with it.
          temporary = await writeTemporary(disk, file, content)
          continue
        }
        if (!isCode(error, 'EEXIST')) throw error
      }
      const found = await read(disk, file)
      if (found === undefined) continue
      const owner = parse(found)
      if (owner && (await isLive(owner, identify))) {
        // Of running.json a living owner is final; a claim is soon given back.
        if (file === options.file)
          throw new SwitchboardError('data_locked', { pid: owner.pid, data: options.folder })
        await wait(10)
        continue
      }
      const claim = join(
        dirname(options.file),
        `takeover-${createHash('sha256').update(found).digest('hex').slice(0, 32)}`,
      )
      await take(options, claim, content)
      try {
        if ((await read(disk, file)) === found) {
          await renamePatiently(disk, temporary, file)
          return
        }
      } finally {
        await disk.remove(claim)
      }
    }
    throw new SwitchboardError('data_locked', { pid: 0, data: options.folder })
  } finally {
    await disk.remove(temporary)
  }
}

async function writeTemporary(disk: Disk, file: string, content: string): Promise<string> {
  const temporary = join(dirname(file), `.lock.${String(process.pid)}-${String(++temporaries)}.tmp`)
  await disk.remove(temporary)
  const open = await disk.open(temporary, 'new')
  try {
    await writeFully(open, Buffer.from(content), 0)
    await open.sync()
  } finally {
    await open.close()
  }
  return temporary
}

async function read(disk: Disk, file: string): Promise<string | undefined> {
  try {
    return (await disk.readFile(file)).toString()
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined
    throw error
  }
}

function parse(text: string): Running | undefined {
  try {
    const value = JSON.parse(text) as Running
    return typeof value.pid === 'number' && typeof value.started === 'string' ? value : undefined
  } catch {
    return undefined
  }
}

async function isLive(running: Running, identify: Identify): Promise<boolean> {
  return (await identify(running.pid)) === running.started
}
