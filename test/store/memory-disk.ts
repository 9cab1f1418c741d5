import { dirname } from 'node:path'
import type { Disk, FileFacts, OpenFile } from '../../src/server/store/disk.ts'

/** What is on the platter and what only looks so until it is synced. */
interface Inode {
  data: Buffer
  durable: Buffer
}

export class DiskError extends Error {
  readonly code: string
  constructor(code: string, file: string) {
    super(`${code}: ${file}`)
    this.code = code
  }
}

export type Operation =
  | 'open'
  | 'write'
  | 'sync'
  | 'truncate'
  | 'read'
  | 'rename'
  | 'link'
  | 'remove'
  | 'syncFolder'
  | 'makeFolder'
  | 'list'

/**
 * A disk in memory that forgets, at a crash, what was not synced: data without fsync, names without fsync of their
 * folder. `interfere` may throw instead of an operation; `room` bytes are left; `dieAfter` operations it stands still.
 */
export class MemoryDisk implements Disk {
  renameNeedsPatience = false
  interfere: (operation: Operation, file: string) => void = () => undefined
  /** Bytes that still fit. */
  room = Infinity
  /** Operations until the power fails. */
  dieAfter = Infinity
  /** Turns of the event loop an operation takes. */
  turns: (operation: Operation, file: string) => number = () => 0
  died: () => void = () => undefined
  #names = new Map<string, Inode>()
  #durableNames = new Map<string, Inode>()
  /** Folders renamed and not synced: each as a whole is where it was or where it is. */
  #moves: { from: string; to: string }[] = []

  async open(file: string, how: 'read' | 'write' | 'new'): Promise<OpenFile> {
    await this.#step('open', file)
    let inode = this.#names.get(file)
    if (inode && how === 'new') throw new DiskError('EEXIST', file)
    if (!inode) {
      if (how === 'read') throw new DiskError('ENOENT', file)
      inode = { data: Buffer.alloc(0), durable: Buffer.alloc(0) }
      this.#names.set(file, inode)
    }
    return this.#file(file, inode)
  }

  async readFile(file: string): Promise<Buffer> {
    await this.#step('read', file)
    const inode = this.#names.get(file)
    if (!inode) throw new DiskError('ENOENT', file)
    return Buffer.from(inode.data)
  }

  async list(folder: string): Promise<string[]> {
    await this.#step('list', folder)
    return this.names(folder)
  }

  free(): Promise<number> {
    return Promise.resolve(this.room)
  }

  /** Files and folders in a folder. */
  names(folder: string): string[] {
    const inside = [...this.#names.keys()].filter((name) => name.startsWith(`${folder}/`))
    return [...new Set(inside.map((name) => name.slice(folder.length + 1).split('/')[0] ?? ''))].sort()
  }

  async facts(file: string): Promise<FileFacts | undefined> {
    await this.#step('read', file)
    const inode = this.#names.get(file)
    return inode && { size: inode.data.length, modified: 0, folder: false }
  }

  async makeFolder(folder: string): Promise<void> {
    await this.#step('makeFolder', folder)
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#step('rename', to)
    if (!this.#names.has(from)) this.#moves.push({ from, to })
    move(this.#names, from, to)
  }

  async link(from: string, to: string): Promise<void> {
    await this.#step('link', to)
    if (this.#names.has(to)) throw new DiskError('EEXIST', to)
    const inode = this.#names.get(from)
    if (!inode) throw new DiskError('ENOENT', from)
    this.#names.set(to, inode)
  }

  async remove(file: string): Promise<void> {
    await this.#step('remove', file)
    this.#names.delete(file)
  }

  async removeFolder(folder: string): Promise<void> {
    await this.#step('remove', folder)
    for (const name of [...this.#names.keys()]) if (name.startsWith(`${folder}/`)) this.#names.delete(name)
  }

  async syncFolder(folder: string): Promise<void> {
    await this.#step('syncFolder', folder)
    for (const { from, to } of this.#moves) if (dirname(to) === folder) move(this.#durableNames, from, to)
    this.#moves = this.#moves.filter(({ to }) => dirname(to) !== folder)
    for (const name of [...this.#durableNames.keys()])
      if (dirname(name) === folder) this.#durableNames.delete(name)
    for (const [name, inode] of this.#names) if (dirname(name) === folder) this.#durableNames.set(name, inode)
  }

  /** For tests that look at or spoil a file. */
  peek(file: string): Buffer {
    return this.#names.get(file)?.data ?? Buffer.alloc(0)
  }
  files(): string[] {
    return [...this.#names.keys()]
  }
  put(file: string, data: Buffer): void {
    this.#names.set(file, { data: Buffer.from(data), durable: Buffer.from(data) })
    this.#durableNames.set(file, this.#names.get(file) ?? { data, durable: data })
  }
  delete(file: string): void {
    this.#names.delete(file)
    this.#durableNames.delete(file)
  }

  /**
   * The disk as the next start finds it. `chance()` in [0, 1) decides for each file that was not synced how much of
   * what was written behind its durable end survived, and for each name that was not synced whether it did.
   */
  afterCrash(chance: () => number): MemoryDisk {
    const next = new MemoryDisk()
    const survivors = new Map(this.#durableNames)
    for (const { from, to } of this.#moves) if (chance() < 0.5) move(survivors, from, to)
    const moved = (name: string): boolean =>
      this.#moves.some(({ from, to }) => name.startsWith(`${from}/`) || name.startsWith(`${to}/`))
    for (const [name, inode] of this.#names)
      if (!survivors.has(name) && !moved(name) && chance() < 0.5) survivors.set(name, inode)
    for (const name of [...survivors.keys()])
      if (!this.#names.has(name) && !moved(name) && chance() < 0.5) survivors.delete(name)
    for (const [name, inode] of survivors) {
      // Replaced but not synced: either the old or the new.
      const current = this.#names.get(name)
      const chosen = current && current !== inode && chance() < 0.5 ? current : inode
      const grown =
        chosen.data.length > chosen.durable.length &&
        chosen.data.subarray(0, chosen.durable.length).equals(chosen.durable)
      const keep = grown
        ? chosen.durable.length + Math.floor(chance() * (chosen.data.length - chosen.durable.length + 1))
        : 0
      next.put(name, grown ? chosen.data.subarray(0, keep) : chosen.durable)
    }
    return next
  }

  #file(name: string, inode: Inode): OpenFile {
    return {
      write: async (bytes, position) => {
        await this.#step('write', name)
        const grows = Math.max(0, position + bytes.byteLength - inode.data.length)
        if (this.room <= 0 && grows > 0) throw new DiskError('ENOSPC', name)
        const count = grows > this.room ? bytes.byteLength - (grows - this.room) : bytes.byteLength
        this.room -= Math.min(grows, this.room)
        const data = Buffer.alloc(Math.max(inode.data.length, position + count))
        inode.data.copy(data)
        data.set(bytes.subarray(0, count), position)
        inode.data = data
        return count
      },
      read: async (into, position) => {
        await this.#step('read', name)
        const part = inode.data.subarray(position, position + into.byteLength)
        into.set(part)
        return part.length
      },
      sync: async () => {
        await this.#step('sync', name)
        inode.durable = Buffer.from(inode.data)
      },
      truncate: async (size) => {
        await this.#step('truncate', name)
        this.room += Math.max(0, inode.data.length - size)
        inode.data = Buffer.from(inode.data.subarray(0, size))
      },
      size: () => Promise.resolve(inode.data.length),
      close: () => Promise.resolve(),
    }
  }

  async #step(operation: Operation, file: string): Promise<void> {
    if (this.dieAfter <= 0) return new Promise(() => undefined)
    if (--this.dieAfter <= 0) {
      this.died()
      return new Promise(() => undefined)
    }
    this.interfere(operation, file)
    for (let turn = this.turns(operation, file); turn > 0; turn--) await new Promise(setImmediate)
    await Promise.resolve()
  }
}

/** A file, or a folder with all that is in it. */
function move(names: Map<string, Inode>, from: string, to: string): void {
  for (const [name, inode] of [...names]) {
    if (name !== from && !name.startsWith(`${from}/`)) continue
    names.delete(name)
    names.set(to + name.slice(from.length), inode)
  }
}
