/** Who answers when the operator does not. */
export { RECENT, type Conversation, type Reply, type Responder } from './responder.ts'
export { createReplies, type Answer, type Replies, type RepliesOptions } from './replies.ts'
export { isAnswerable, rules } from './rules.ts'
export {
  checkReplySetting,
  isReplyWords,
  REAL_DEFAULTS,
  readReplySettings,
  replySettingSchemas,
  replyValues,
  SIMULATION_DEFAULTS,
  type Hours,
  type ReplySettings,
} from './settings.ts'
