import type { StatusPart } from '../../../shared/live.ts'
import { accountLine, numbersLine } from './account.ts'
import type { Line, StatusFacts } from './facts.ts'
import { clockLine, diskLine } from './machine.ts'
import { catchUpLine, outboxLine } from './messages.ts'
import { tunnelLine, webhookLine } from './way-in.ts'

export { outboxFacts, type RoomFacts, type StatusFacts } from './facts.ts'
export { bytes } from './words.ts'

const LINES: readonly Line[] = [
  tunnelLine,
  accountLine,
  numbersLine,
  webhookLine,
  outboxLine,
  catchUpLine,
  clockLine,
  diskLine,
]

/** The lines of the Status page. Times in sentences are ISO, in UTC: a screen says them in its reader's zone. */
export const statusParts = (facts: StatusFacts): StatusPart[] => LINES.flatMap((line) => line(facts) ?? [])
