import type { Message } from '../../shared/documents.ts'
import type { Ids, Log } from '../ports.ts'
import type { Commit, Store } from '../store/types.ts'
import type { ArrivalClock } from './arrival.ts'
import type { Conversations } from './conversations.ts'
import type { EditMessage } from './edits.ts'
import type { Lanes } from './lanes.ts'
import type { Source, StatusUpdate } from './types.ts'

/** What the intake is made of. */
export interface IntakeParts {
  store: Store
  conversations: Conversations
  lanes: Lanes
  arrival: ArrivalClock
  ids: Ids
  log: Log
  edit: EditMessage
  /** What a message is after a status was reported of it; undefined when it stays as it is. A status only moves forward. */
  afterStatus: (message: Message, update: StatusUpdate) => Message | undefined
  /** Writes a contact's message, in one record with what it says about being written to; by default the message alone. */
  keep?: (message: Message, commit: Commit, source: Source) => Promise<unknown>
  /** The sid of a message of ours that the carrier has given none yet. */
  localSid: (id: string) => string
}
