import { type Disk, RealDisk } from '../../src/server/store/index.ts'
import type { OpenFile } from '../../src/server/store/disk.ts'
import type { Death } from './protocol.ts'

/** The machine's disk, on which this very process dies at a given operation. */
export class DyingDisk extends RealDisk implements Disk {
  readonly #death: Death
  #seen = 0

  constructor(death: Death) {
    super()
    this.#death = death
  }

  override async open(file: string, how: 'read' | 'write' | 'new'): Promise<OpenFile> {
    const open = await this.#at(how === 'new' ? 'open' : undefined, file, () => super.open(file, how))
    return how === 'read' ? open : this.#watched(file, open)
  }

  override rename(from: string, to: string): Promise<void> {
    return this.#at('rename', to, () => super.rename(from, to))
  }

  override link(from: string, to: string): Promise<void> {
    return this.#at('link', to, () => super.link(from, to))
  }

  override remove(file: string): Promise<void> {
    return this.#at('remove', file, () => super.remove(file))
  }

  #watched(file: string, open: OpenFile): OpenFile {
    return {
      write: (bytes, position) =>
        this.#at(
          'write',
          file,
          () => open.write(bytes, position),
          () => open.write(bytes.subarray(0, bytes.byteLength >> 1), position),
        ),
      sync: () => this.#at('sync', file, () => open.sync()),
      read: (into, position) => open.read(into, position),
      truncate: (size) => open.truncate(size),
      size: () => open.size(),
      close: () => open.close(),
    }
  }

  async #at<T>(
    operation: Death['operation'] | undefined,
    file: string,
    whole: () => Promise<T>,
    half?: () => Promise<unknown>,
  ): Promise<T> {
    const death = this.#death
    const isHere = operation === death.operation && death.match.test(file) && ++this.#seen === death.nth
    if (!isHere) return whole()
    if (death.when === 'after') await whole()
    else if (death.when === 'half') await half?.()
    process.kill(process.pid, 'SIGKILL')
    return new Promise(() => undefined)
  }
}
