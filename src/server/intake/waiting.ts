import type { Session } from '../../shared/documents.ts'

/**
 * Since when a contact waits for an answer, kept on the newest session of a key: the time of their first message that no
 * answer came after. Any later answer ends the wait, the operator's or an automatic one.
 */
export interface Wait {
  /** The key's newest session before this message, and since when the contact has been waiting. */
  newestBefore: Session | undefined
  /** Time of the message (ISO), and whether it is the contact's to be answered, an answer, or neither. */
  at: string
  kind: 'question' | 'answer' | 'neither'
  /** Time (ISO) of the latest answer at or behind the message in the key, if any. */
  answeredAt: string | undefined
  /** The message is the last of its key. */
  isLast: boolean
  /** Time (ISO) of the contact's last message in the newest session. */
  heardAt: string | undefined
}

export function waitingSince(wait: Wait): string | undefined {
  const since = wait.newestBefore?.metadata.waitingSince
  switch (wait.kind) {
    case 'neither':
      return since
    case 'answer':
      if (wait.isLast) return undefined
      if (since === undefined || since > wait.at) return since
      // A late answer: who waited since before it waits from their last message on, if that was later.
      return wait.heardAt !== undefined && wait.heardAt > wait.at ? wait.heardAt : undefined
    case 'question':
      if (wait.answeredAt !== undefined && wait.answeredAt > wait.at) return since
      return since === undefined || wait.at < since ? wait.at : since
  }
}
