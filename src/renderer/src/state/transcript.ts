import type { MediaFile, Medium, Message } from '../../../shared/documents.ts'

/** A message on its way: shown at once, until the console's own takes its place. */
export interface Outgoing {
  draft: string
  body: string
  medium: Medium
  files: readonly MediaFile[]
  /** The template that the body is made of. */
  content?: Message['template']
  at: string
  /** Why it could not be handed over; null while on its way. */
  refused: string | null
  /** The message it became. */
  became: string | null
}

/** What is known of one session's messages, oldest first. */
export interface Transcript {
  messages: readonly Message[]
  /** The session has older messages that were not read yet. */
  more: boolean
  state: 'loading' | 'ready' | 'failed'
  problem: string
  outgoing: readonly Outgoing[]
}

export const EMPTY: Transcript = { messages: [], more: false, state: 'loading', problem: '', outgoing: [] }

/** Order of messages: (time, SID). */
export function inOrder(a: Message, b: Message): number {
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? -1 : 1
  return a.sid < b.sid ? -1 : a.sid > b.sid ? 1 : 0
}

/** Lays messages among those that are there: each once, the later word wins. */
export function lay(there: readonly Message[], coming: readonly Message[]): readonly Message[] {
  if (coming.length === 0) return there
  const byId = new Map(there.map((message) => [message._id, message]))
  for (const message of coming) byId.set(message._id, message)
  return [...byId.values()].sort(inOrder)
}

/** Pictures without words are told apart by what they are. */
const hasFiles = ({ media }: Message, { files }: Outgoing): boolean =>
  media.length === files.length && media.every(({ file }, at) => file?.hash === files[at]?.hash)

/**
 * Outgoing rows that found their message: the one with the draft for SID, or the operator's first one with the same
 * words that `isNew` to the row.
 */
export function settle(
  outgoing: readonly Outgoing[],
  coming: readonly Message[],
  isNew: (message: Message, row: Outgoing) => boolean,
): readonly Outgoing[] {
  if (outgoing.length === 0) return outgoing
  const taken = new Set(outgoing.map((row) => row.became))
  const rows = outgoing.map((row) => {
    if (row.became !== null) return row
    const message = coming.find(
      (one) =>
        !taken.has(one._id) &&
        isNew(one, row) &&
        (one.sid === row.draft ||
          (one.sender === 'operator' && one.content === row.body && hasFiles(one, row))),
    )
    if (!message) return row
    taken.add(message._id)
    return { ...row, became: message._id, refused: null }
  })
  return rows.some((row, at) => row !== outgoing[at]) ? rows : outgoing
}
