import type { Context } from 'koa'
import type { MediaItem, Medium } from '../../shared/documents.ts'
import type { MediaSource } from '../carrier/twilio-media.ts'
import type { EditMessage } from '../intake/edits.ts'
import {
  answerMedia,
  createDownloads,
  type Downloads,
  filesToSend,
  mediaHandlers,
  SignedMedia,
  sweepDaily,
} from '../media/index.ts'
import { backoff } from '../outbox/backoff.ts'
import type { Clock, Log } from '../ports.ts'
import { replyMedia } from '../reply-media.ts'
import type { FolderStore } from '../store/index.ts'
import { Refusal } from '../webhooks/refusal.ts'

interface Parts {
  store: FolderStore
  edit: EditMessage
  clock: Clock
  log: Log
  /** Where the files of messages are; undefined while there is no account. */
  source: () => MediaSource | undefined
  /** The account's token; undefined while there is none. */
  token: () => string | undefined
  /**
   * The address under which Twilio reaches the webhook port now; undefined while it doesn't. Told of one that leads
   * nowhere, Twilio gives the message up for good (11200).
   */
  publicBase: () => string | undefined
}

/** The files of one world: what of them each other piece needs. */
export interface WorldFiles {
  readonly downloads: Downloads
  start(): void
  /** Resolves when what is under way has ended. */
  stop(): Promise<void>
  readonly handlers: ReturnType<typeof mediaHandlers>
  toSend(hashes: readonly string[], medium: Medium): Promise<MediaItem[]>
  isReachable(): boolean
  /** Where the carrier may fetch a file of a message within the hour; undefined while it can't. */
  addressOf(item: MediaItem): string | undefined
  /** Answers the carrier's request for a signed name. Throws Refusal for any other. */
  serve(ctx: Context, name: string): Promise<void>
}

export function joinFiles({ store, edit, clock, log, source, token, publicBase }: Parts): WorldFiles {
  const { blobs, attached } = store
  const signed = new SignedMedia(clock, token)
  const wait = (attempts: number): number => backoff(attempts, Math.random, 5_000, 3_600_000)
  const downloads = createDownloads({ store, blobs, source, edit, clock, log, wait })
  let stopSweeping: () => void = () => undefined
  return {
    downloads,
    start() {
      downloads.start()
      stopSweeping = sweepDaily({ attached, clock, log })
    },
    async stop() {
      stopSweeping()
      await downloads.stop()
    },
    handlers: mediaHandlers(attached, downloads),
    toSend: (hashes, medium) => filesToSend(attached, hashes, medium),
    isReachable: () => publicBase() !== undefined,
    addressOf({ url, file }) {
      if (!file) return url
      const [base, name] = [publicBase(), signed.sign(file.hash)]
      return base !== undefined && name !== undefined ? `${base}/media/${name}` : undefined
    },
    async serve(ctx, name) {
      const hash = signed.read(name)
      const file = hash === undefined ? undefined : await attached.open(hash)
      if (!file) throw new Refusal(404, 'not_found')
      replyMedia(ctx, await answerMedia(file, ctx.get('range') || null))
    },
  }
}
