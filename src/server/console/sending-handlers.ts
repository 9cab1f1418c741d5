import type { ComposerBar, Handlers } from '../../shared/contract.ts'
import type { MediaItem, Medium, Message } from '../../shared/documents.ts'
import { SwitchboardError } from '../../shared/errors.ts'
import { filled } from '../../shared/content.ts'
import type { Intake } from '../intake/types.ts'
import type { Key, Store } from '../store/types.ts'
import type { ContactBook } from './contact-book.ts'
import type { Contents } from './contents.ts'
import { isOptedOut, type Views } from './views.ts'

type Template = NonNullable<Message['template']>

interface Parts {
  store: Store
  views: Views
  contacts: ContactBook
  intake: Intake
  contents: Contents
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
  contents,
}: Parts): Pick<Handlers, 'messages.send' | 'messages.retry' | 'content.list'> {
  /** What an answer answers: the contact's last message in the newest session, or whatever is last there. */
  async function answered(key: Key): Promise<string | undefined> {
    const { line } = store.key(key)
    if (line.size === 0) return undefined
    const messages = await store.messages([line.interval(line.size - 1).id], { limit: 200 })
    return (messages.findLast((m) => m.sender === 'contact') ?? messages.at(-1))?.sid
  }

  const isTaken = async (draft: string): Promise<boolean> =>
    (await store.find(idOfDraft(draft))) !== undefined

  /** What a template comes to with these values. */
  async function written({ sid, variables }: Template, medium: Medium): Promise<string> {
    const refuse = (what: string): never => {
      throw new SwitchboardError('not_possible', { what })
    }
    if (medium !== 'whatsapp') refuse('Templates of WhatsApp are sent by WhatsApp only.')
    const one = await contents.get(sid)
    const empty = one.variables.find(({ name }) => (variables[name] ?? '').trim() === '')
    if (empty) refuse(`The template’s field ${empty.name} is empty. Fill it in first.`)
    return filled(one.body, variables)
  }

  return {
    'content.list': () => contents.list(),

    'messages.send': async ({
      channel_id,
      medium,
      contact,
      body: words,
      draft,
      content,
      media: hashes = [],
    }) => {
      if (content === undefined && words.trim() === '' && hashes.length === 0)
        throw new SwitchboardError('bad_request', { what: 'messages.send: body: there is nothing to send.' })
      if (content !== undefined && hashes.length > 0)
        throw new SwitchboardError('bad_request', {
          what: 'messages.send: media: a template takes no files.',
        })
      const key: Key = { channel_id, communication_type: medium, contact }
      // Taken before: intake answers with that message, whatever has been said since.
      const known = await isTaken(draft)
      const barred = (): ComposerBar | null => {
        const bar = views.composer(key, store.key(key), isOptedOut(contacts.get(contact), key))
        return known || (bar?.code === 'window_closed' && content !== undefined) ? null : bar
      }
      const bar = barred()
      if (bar) throw new SwitchboardError('not_possible', { what: bar.sentence })
      if (hashes.length > 0 && !known && !files.isReachable()) throw new SwitchboardError('files_unreachable')
      const media = known ? [] : await files.toSend(hashes, medium)
      const body = content === undefined || known ? words : await written(content, medium)
      const answers = await answered(key)
      // STOP may have come meanwhile.
      const since = barred()
      if (since) throw new SwitchboardError('not_possible', { what: since.sentence })
      const { message } = await intake.outgoing({
        medium,
        channel_id,
        contact,
        body,
        sender: 'operator',
        draft,
        ...(media.length > 0 && { media }),
        ...(content !== undefined && { template: content }),
        ...(answers !== undefined && { answers }),
      })
      outbox.kick()
      return message
    },

    'messages.retry': async ({ id }) => {
      const message = await store.find(id)
      if (!message) throw new SwitchboardError('no_such_message', { id })
      const isOut = isOptedOut(contacts.get(message.contact), message)
      const bar = isOut && views.composer(message, store.key(message), isOut)
      if (bar) throw new SwitchboardError('not_possible', { what: bar.sentence })
      return outbox.retry(message._id)
    },
  }
}
