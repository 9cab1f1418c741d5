import type { Message } from '../../src/shared/documents.ts'
import { itemsOf } from '../../src/server/intake/items.ts'
import { keyOf } from '../../src/server/key.ts'
import { fold, GapHistory } from '../../src/server/sessions/index.ts'
import type { FolderStore } from '../../src/server/store/index.ts'

/** What a store that is open must be, whatever happened to it before. Says what is not so, one sentence each. */
export async function inconsistencies(store: FolderStore): Promise<{ messages: Message[]; wrong: string[] }> {
  const wrong: string[] = []
  const { sessions, total } = store.sessions({})
  if (total !== sessions.length || store.counts().all !== total)
    wrong.push(`${total} sessions are counted, ${sessions.length} listed`)
  const listed = new Map(sessions.map((s) => [s._id, s]))
  const messages = await store.messages([...listed.keys()])

  const sids = new Set<string>()
  const own = new Map<string, Message[]>()
  const byKey = new Map<string, Message[]>()
  for (const message of messages) {
    if (sids.has(message.sid)) wrong.push(`${message.sid} is there twice`)
    sids.add(message.sid)
    if (!listed.has(message.session_id))
      wrong.push(`${message.sid} is in ${message.session_id}, which is not listed`)
    add(own, message.session_id, message)
    add(byKey, `${message.channel_id} ${message.communication_type} ${message.contact}`, message)
  }
  for (const session of sessions) {
    const there = own.get(session._id)?.length ?? 0
    if (session.message_count !== there)
      wrong.push(`${session._id} says ${session.message_count} messages and has ${there}`)
  }

  const gaps = new GapHistory(store.gaps())
  for (const [name, ofKey] of byKey) {
    const [first] = ofKey
    const channel = store.channels().find((c) => c._id === first?.channel_id)
    const session = listed.get(first?.session_id ?? '')
    if (!channel || !session) {
      wrong.push(`${name} has no channel or no session`)
      continue
    }
    const runs = fold(
      itemsOf(ofKey),
      store.key(keyOf(session)).acts,
      gaps.gapAt(channel, session.communication_type),
    )
    const wanted = runs.map((run) => ({
      sids: run.items.flatMap((item) => item.messages.map((m) => m.sid)).sort(),
      status: run.closed ? 'closed' : 'active',
      reason: run.reason,
    }))
    const found = runs.map((run) => {
      const id = run.items[0]?.messages[0]?.session_id ?? ''
      return {
        sids: (own.get(id) ?? []).map((m) => m.sid).sort(),
        status: listed.get(id)?.status,
        reason: listed.get(id)?.metadata.reason,
      }
    })
    for (const [i, want] of wanted.entries())
      if (stable(want) !== stable(found[i]))
        wrong.push(`${name}: the rule says ${stable(want)}, there is ${stable(found[i])}`)
    const inKey = new Set(ofKey.map((m) => m.session_id)).size
    if (inKey !== runs.length)
      wrong.push(`${name}: the rule says ${runs.length} sessions, there are ${inKey}`)
  }
  return { messages, wrong }
}

function add(lists: Map<string, Message[]>, name: string, message: Message): void {
  const list = lists.get(name)
  if (list) list.push(message)
  else lists.set(name, [message])
}

function stable(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}
