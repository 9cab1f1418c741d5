import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { MediaItem, Message } from '../../shared/documents.ts'
import { Blobs } from './blobs.ts'
import { readChunks } from './journal-files.ts'
import type { Verified } from './verified.ts'

type Found = (where: string, what: string, repaired: boolean) => void

/** Files of messages: each is what its name says, and each that a message speaks of is there. */
export class FileCheck {
  readonly #store: Verified
  readonly #found: Found
  readonly #repair: boolean
  readonly #whole = new Set<string>()
  readonly #lacking: Message[] = []

  constructor(store: Verified, found: Found, repair: boolean) {
    this.#store = store
    this.#found = found
    this.#repair = repair
  }

  /** Reads every file. A damaged one is set aside, for then it can be had again. */
  async read(): Promise<void> {
    const { disk, paths } = this.#store
    for (const name of await new Blobs(disk, paths.media).list()) {
      const file = join(paths.media, ...name.split('/'))
      const sum = createHash('sha256')
      for await (const chunk of readChunks(disk, file)) sum.update(chunk)
      const hash = name.slice(3)
      if (sum.digest('hex') === hash) {
        this.#whole.add(hash)
        continue
      }
      if (this.#repair) await this.#store.setAside(file)
      this.#found(`media/${name}`, 'it is not what its name says', this.#repair)
    }
  }

  note(message: Message): void {
    if (message.media.some((item) => this.#isLost(item))) this.#lacking.push(message)
  }

  /** A file that is lost is asked of Twilio again; one that was sent from here can't be. */
  async finish(): Promise<void> {
    for (const message of this.#lacking) {
      const media = message.media.map((item) => {
        if (!this.#isLost(item) || item.url === '') return item
        const { file: _, ...rest } = item
        return rest
      })
      const isMended = this.#repair && !media.some((item) => this.#isLost(item))
      if (isMended) await this.#store.commit({ why: 'repair', messages: [{ ...message, media }] })
      this.#found(`message ${message._id}`, 'a file of it is gone', isMended)
    }
  }

  #isLost({ file }: MediaItem): boolean {
    return file !== undefined && !this.#whole.has(file.hash)
  }
}
