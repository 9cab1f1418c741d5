/** Sending: the queue between the console and the carrier, safe across crashes. */
export type { Edit } from './ends.ts'
export { isLikely, type Doubtful } from './doubt.ts'
export type { Addressed, Blocked } from './lanes.ts'
export { senderOf, settleDoubt, type Sender } from './listed.ts'
export { createOutbox, type Outbox, type OutboxOptions } from './outbox.ts'
export type { Draft, Prepared } from './prepare.ts'
export {
  afterCallback,
  earlierSids,
  hasCarrierSid,
  later,
  localSid,
  readStatus,
  type Callback,
  type Standing,
} from './status-order.ts'
