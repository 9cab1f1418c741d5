import type { Intake } from '../intake/types.ts'
import type { Answer } from './answer.ts'
import { needed, wholeNumber } from './fields.ts'
import { firstOf, type Form } from './form.ts'
import { MESSAGE_SIDS } from './message.ts'
import { takeCallStatus } from './voice.ts'

/**
 * A delivery status callback. They come in any order, and for messages we never sent: what is to be made of one is the
 * intake's to say (reference twilio.md §4). `id` is our own of the message, which the callback's address carries.
 */
export async function takeStatus(intake: Intake, form: Form, id?: string): Promise<Answer> {
  // A number's call status callback may point here too.
  if (form.has('CallSid') && !MESSAGE_SIDS.some((name) => form.has(name))) return takeCallStatus(intake, form)
  const sid = needed(form, ...MESSAGE_SIDS)
  const status = firstOf(form, 'MessageStatus') || firstOf(form, 'SmsStatus')
  const errorCode = wholeNumber(form, 'ErrorCode')
  if (status) {
    await intake.status({
      sid,
      ...(id !== undefined && { id }),
      status,
      ...(errorCode ? { error_code: errorCode } : {}),
    })
  }
  return 'nothing'
}
