import type { Handlers } from '../../shared/contract.ts'
import type { MediaItem, Medium, Message } from '../../shared/documents.ts'
import { SwitchboardError } from '../../shared/errors.ts'
import type { Intake } from '../intake/types.ts'
import type { Key, Store } from '../store/types.ts'
import type { ContactBook } from './contact-book.ts'
import { isOptedOut, type Views } from './views.ts'

interface Parts {
  store: Store
  views: Views
  contacts: ContactBook
  intake: Intake
  /** The id of the message a screen's draft becomes. */
  idOfDraft: (draft: string) => string
  /** Tells the outbox that something waits, and sends again what failed. */
  outbox: { kick(): void; retry(messageId: string): Promise<Message> }
  files: {
    /** The files with these hashes, ready to go by this medium; throws SwitchboardError where one can't. */
    toSend(hashes: readonly string[], medium: Medium): Promise<MediaItem[]>
    /** Twilio can fetch files from us. */
    isReachable(): boolean
  }
}

/** Writing to a contact: placed in its session and queued in one commit, then the outbox carries it. */
export function sendingHandlers({
  store,
  views,
  contacts,
  intake,
  idOfDraft,
  outbox,
  files,
}: Parts): Pick<Handlers, 'messages.send' | 'messages.retry'> {
  /** What an answer answers: the contact's last message in the newest session, or whatever is last there. */
  async function answered(key: Key): Promise<string | undefined> {
    const { line } = store.key(key)
    if (line.size === 0) return undefined
    const messages = await store.messages([line.interval(line.size - 1).id], { limit: 200 })
    return (messages.findLast((m) => m.sender === 'contact') ?? messages.at(-1))?.sid
  }

  const isTaken = async (draft: string): Promise<boolean> =>
    (await store.find(idOfDraft(draft))) !== undefined

  return {
    'messages.send': async ({ channel_id, medium, contact, body, draft, media: hashes = [] }) => {
      if (body.trim() === '' && hashes.length === 0)
        throw new SwitchboardError('bad_request', { what: 'messages.send: body: there is nothing to send.' })
      const key: Key = { channel_id, communication_type: medium, contact }
      // Taken before: intake answers with that message, whatever has been said since.
      const taken = await isTaken(draft)
      const bar = taken ? null : views.composer(key, store.key(key), isOptedOut(contacts.get(contact), key))
      if (bar) throw new SwitchboardError('not_possible', { what: bar.sentence })
      if (hashes.length > 0 && !taken && !files.isReachable()) throw new SwitchboardError('files_unreachable')
      const media = taken ? [] : await files.toSend(hashes, medium)
      const answers = await answered(key)
      const { message } = await intake.outgoing({
        medium,
        channel_id,
        contact,
        body,
        sender: 'operator',
        draft,
        ...(media.length > 0 && { media }),
        ...(answers !== undefined && { answers }),
      })
      outbox.kick()
      return message
    },

    'messages.retry': async ({ id }) => {
      const message = await store.find(id)
      if (!message) throw new SwitchboardError('no_such_message', { id })
      return outbox.retry(message._id)
    },
  }
}
