import type { Message } from '../../src/shared/documents.ts'
import type { Simulator } from '../../src/server/carrier/simulator/index.ts'
import { earlierSids, hasCarrierSid } from '../../src/server/outbox/index.ts'
import type { Switchboard } from '../../src/server/switchboard.ts'
import { inconsistencies } from '../kill/check.ts'
import type { Ledger } from './days.ts'

/** What is not so at the end of the days, one sentence each. */
export async function verdict(simulator: Simulator, console: Switchboard, ledger: Ledger): Promise<string[]> {
  const { account } = simulator
  const { messages, wrong } = await inconsistencies(console.store)
  const bySid = new Map<string, Message>()
  for (const message of messages) {
    bySid.set(message.sid, message)
    for (const sid of earlierSids(message)) bySid.set(sid, message)
  }

  for (const listed of account.messages.values()) {
    const message = bySid.get(listed.sid)
    if (!message) {
      // What never left the carrier's queue has no date, so no list by date has it; it was nobody's message.
      const isOfNoDate = listed.sent === null && listed.direction !== 'inbound'
      if (!isOfNoDate)
        wrong.push(`${listed.direction} ${listed.sid} “${listed.body}” (${listed.status}) is not there`)
      continue
    }
    if (message.content !== listed.body)
      wrong.push(`${listed.sid} says ${message.content}, not ${listed.body}`)
    const contact = (listed.direction === 'inbound' ? listed.from : listed.to).replace('whatsapp:', '')
    if (message.contact !== contact) wrong.push(`${listed.sid} is ${message.contact}’s, not ${contact}’s`)
    const isPresent = message.sid === listed.sid
    if (isPresent && listed.direction !== 'inbound' && message.status !== listed.status)
      wrong.push(`${listed.sid} “${listed.body}” is ${message.status} here, ${listed.status} there`)
  }
  for (const message of messages) {
    const isThere =
      !hasCarrierSid(message) ||
      account.messages.has(message.sid) ||
      account.calls.has(message.sid) ||
      account.recordings.has(message.sid)
    if (!isThere) wrong.push(`${message.sid} is nowhere at the carrier`)
    // It waited, and meanwhile its contact said that they don't want it.
    const isUnwanted =
      message.status === 'canceled' &&
      messages.some(({ contact, content }) => contact === message.contact && content === 'STOP')
    if (!hasCarrierSid(message) && !isUnwanted && !['unsure', 'failed'].includes(message.status))
      wrong.push(`“${message.content}” is still ${message.status}`)
  }
  for (const { sid } of account.calls.values()) if (!bySid.has(sid)) wrong.push(`call ${sid} is not there`)
  for (const { sid } of account.recordings.values())
    if (!bySid.has(sid)) wrong.push(`recording ${sid} is not there`)

  const asked = new Map(ledger.retries)
  for (const { sender, content, sid } of messages)
    if (sender !== 'contact' && !ledger.elsewhere.has(sid)) asked.set(content, (asked.get(content) ?? 0) + 1)
  const sent = new Map<string, number>()
  for (const { direction, body, sid } of account.messages.values())
    if (direction === 'outbound-api' && !ledger.elsewhere.has(sid)) sent.set(body, (sent.get(body) ?? 0) + 1)
  for (const [body, times] of sent) {
    const most = asked.get(body) ?? 0
    const isOurs = ledger.replies.has(body) || most > 0
    if (isOurs && times > most) wrong.push(`“${body}” was sent ${times} times, and asked for ${most} times`)
  }
  for (const body of ledger.replies) {
    const times = messages.filter(({ content }) => content === body).length
    if (times === 0) wrong.push(`“${body}” was taken from the operator and is not there`)
    // Sent again by hand although the first was on its way after all: two were sent, and both are shown.
    if (times > 1 + (ledger.retries.get(body) ?? 0)) wrong.push(`“${body}” is there ${times} times`)
  }
  const answered = new Map<string, number>()
  for (const { sender, in_reply_to } of messages) {
    if (sender !== 'ai' || in_reply_to === undefined) continue
    answered.set(in_reply_to, (answered.get(in_reply_to) ?? 0) + 1)
  }
  for (const [sid, times] of answered)
    if (times > 1) wrong.push(`${sid} was answered ${times} times by itself`)
  if (console.catchUp.view().state !== 'idle')
    wrong.push(`catching up is ${JSON.stringify(console.catchUp.view())}`)
  return wrong
}
