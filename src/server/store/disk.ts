import * as fs from 'node:fs'
import * as path from 'node:path'

/** An open file. Positions and lengths in bytes. */
export interface OpenFile {
  /** Writes at `position` and says how many bytes went down: fewer than asked is no error here, callers check. */
  write(bytes: Uint8Array, position: number): Promise<number>
  read(into: Uint8Array, position: number): Promise<number>
  /** Resolves when the data (and the size) are on the disk. */
  sync(): Promise<void>
  truncate(size: number): Promise<void>
  size(): Promise<number>
  close(): Promise<void>
}

export interface FileFacts {
  size: number
  /** Milliseconds since the epoch. */
  modified: number
  folder: boolean
}

/**
 * Everything the store asks of a file system. Errors are the system's (`code` ENOENT, ENOSPC …).
 * Tests wrap it to make a disk full, slow, forgetful or broken.
 */
export interface Disk {
  /** Renames fail for a moment while somebody looks (virus scanners on Windows): worth trying again. */
  readonly renameNeedsPatience: boolean
  /** `write` opens or creates; `new` fails with EEXIST when the file is there. Mode 0600. */
  open(file: string, how: 'read' | 'write' | 'new'): Promise<OpenFile>
  readFile(file: string): Promise<Buffer>
  /** Names in a folder, sorted; none when it is not there. */
  list(folder: string): Promise<string[]>
  facts(file: string): Promise<FileFacts | undefined>
  /** Bytes that still fit, for this user. */
  free(folder: string): Promise<number>
  /** With parents, mode 0700. */
  makeFolder(folder: string): Promise<void>
  rename(from: string, to: string): Promise<void>
  /** Makes `to` the same file as `from`; EEXIST when there is one. */
  link(from: string, to: string): Promise<void>
  /** A file that is not there is no error. */
  remove(file: string): Promise<void>
  removeFolder(folder: string): Promise<void>
  /** Makes created and renamed names durable. Nothing on Windows, which can't. */
  syncFolder(folder: string): Promise<void>
}

const FLAGS = { read: 'r', write: fs.constants.O_RDWR | fs.constants.O_CREAT, new: 'wx+' } as const

class RealFile implements OpenFile {
  readonly #fd: number
  constructor(fd: number) {
    this.#fd = fd
  }

  write(bytes: Uint8Array, position: number): Promise<number> {
    return new Promise((resolve, reject) => {
      fs.write(this.#fd, bytes, 0, bytes.byteLength, position, (error, count) => {
        if (error) reject(error)
        else resolve(count)
      })
    })
  }

  read(into: Uint8Array, position: number): Promise<number> {
    return new Promise((resolve, reject) => {
      fs.read(this.#fd, into, 0, into.byteLength, position, (error, count) => {
        if (error) reject(error)
        else resolve(count)
      })
    })
  }

  /** On macOS libuv makes this F_FULLFSYNC, where a plain fsync would leave the data in the drive's cache. */
  sync(): Promise<void> {
    return new Promise((resolve, reject) => {
      fs.fdatasync(this.#fd, (error) => {
        if (error) reject(error)
        else resolve()
      })
    })
  }

  truncate(size: number): Promise<void> {
    return new Promise((resolve, reject) => {
      fs.ftruncate(this.#fd, size, (error) => {
        if (error) reject(error)
        else resolve()
      })
    })
  }

  size(): Promise<number> {
    return new Promise((resolve, reject) => {
      fs.fstat(this.#fd, (error, stats) => {
        if (error) reject(error)
        else resolve(stats.size)
      })
    })
  }

  close(): Promise<void> {
    return new Promise((resolve, reject) => {
      fs.close(this.#fd, (error) => {
        if (error) reject(error)
        else resolve()
      })
    })
  }
}

/** The machine's own disk. */
export class RealDisk implements Disk {
  readonly renameNeedsPatience: boolean = process.platform === 'win32'

  open(file: string, how: 'read' | 'write' | 'new'): Promise<OpenFile> {
    return new Promise((resolve, reject) => {
      fs.open(file, FLAGS[how], 0o600, (error, fd) => {
        if (error) reject(error)
        else resolve(new RealFile(fd))
      })
    })
  }

  readFile(file: string): Promise<Buffer> {
    return fs.promises.readFile(file)
  }

  async list(folder: string): Promise<string[]> {
    try {
      return (await fs.promises.readdir(folder)).sort()
    } catch (error) {
      if (isCode(error, 'ENOENT')) return []
      throw error
    }
  }

  async facts(file: string): Promise<FileFacts | undefined> {
    try {
      const stats = await fs.promises.stat(file)
      return { size: stats.size, modified: stats.mtimeMs, folder: stats.isDirectory() }
    } catch (error) {
      if (isCode(error, 'ENOENT') || isCode(error, 'ENOTDIR')) return undefined
      throw error
    }
  }

  async free(folder: string): Promise<number> {
    const { bavail, bsize } = await fs.promises.statfs(folder)
    return bavail * bsize
  }

  async makeFolder(folder: string): Promise<void> {
    // Level by level, not by mkdir's own `recursive`: where a parent is there and yet a folder in it "does not exist"
    // (below /proc), that one asks again without end.
    try {
      await this.#makeOne(folder)
    } catch (error) {
      const whole = path.resolve(folder)
      const parent = path.dirname(whole)
      if (!isCode(error, 'ENOENT') || parent === whole) throw error
      await this.makeFolder(parent)
      await this.#makeOne(folder)
    }
  }

  /** One that is there already, made by somebody else just now too, is as good. */
  async #makeOne(folder: string): Promise<void> {
    try {
      await fs.promises.mkdir(folder, { mode: 0o700 })
    } catch (error) {
      if ((await this.facts(folder))?.folder !== true) throw error
    }
  }

  rename(from: string, to: string): Promise<void> {
    return fs.promises.rename(from, to)
  }

  link(from: string, to: string): Promise<void> {
    return fs.promises.link(from, to)
  }

  remove(file: string): Promise<void> {
    return fs.promises.rm(file, { force: true })
  }

  removeFolder(folder: string): Promise<void> {
    return fs.promises.rm(folder, { force: true, recursive: true })
  }

  async syncFolder(folder: string): Promise<void> {
    if (process.platform === 'win32') return
    const handle = await fs.promises.open(path.resolve(folder), 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  }
}

export function isCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}
