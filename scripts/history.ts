/** A made-up history: for tests, benchmarks and trying the screens out. Deterministic, and streamed. */

export interface HistoryOptions {
  messages: number
  /** Conversations, each more than a day's gap from the next of the same person. */
  sessions: number
  seed: number
  /** Time of the first message, ms. */
  start?: number
  /** Silence within a conversation stays below this, ms: the brief's five minutes. */
  gap?: number
}

const CHANNELS = ['+15703251809', '+15703251810', '+15703251811']
const SANDBOX = '+14155238886'
const QUESTIONS = [
  'Hello',
  'Hi again',
  'What are your hours?',
  'Is my order ready?',
  'Can you help?',
  'Are you there?',
  'How much is it?',
  'I’d like to book a table for four on Friday at 19:30',
  'Do you deliver to Elm Street?',
  '¿Tienen abierto el domingo?',
  'Danke schön! 🙏',
  'Merci, à demain 😊',
  '你好，请问几点关门？',
  'Sorry, wrong number',
  'Could you send me the invoice again, please? The last one got lost.',
]
const ANSWERS = [
  'We’re open 9 to 5, Monday to Saturday.',
  'Yes, it’s ready for you.',
  'One moment, I’ll look.',
  'Of course! For what name?',
  'That’s 42.50 with delivery.',
  'You’re welcome 👋',
  'We’ve just sent it again.',
  'Sorry, we’re closed on Sundays.',
]

/**
 * Message resources as Twilio returns them, one JSON line each, ordered by time as Twilio's list (reversed) is. Half the
 * people write once, a few write often; a conversation has a handful of messages, one in twenty has a picture.
 */
export function* history({
  messages,
  sessions,
  seed,
  start = Date.UTC(2024, 0, 2),
  gap = 300_000,
}: HistoryOptions): Generator<string> {
  const random = seeded(seed)
  const pick = <T>(items: readonly [T, ...T[]] | readonly T[]): T =>
    items[Math.floor(random() * items.length)] as T
  const below = (n: number): number => Math.floor(random() * n)
  const count = Math.min(sessions, messages)
  // Conversations begin evenly over the time there is; a few run side by side, so their messages interleave.
  const apart = Math.max(1_000, Math.min(600_000, Math.floor((365 * 86_400_000) / count)))
  const people = Math.max(1, Math.floor(count / 3))
  const underWay: Conversation[] = []
  const lastOf = new Map<number, number>()
  let left = messages
  let begun = 0
  let number = 0

  while (left > 0) {
    const next = underWay[0]
    const beginsAt = start + begun * apart
    if (begun < count && (!next || beginsAt <= next.at)) {
      // Each conversation still to come keeps one message.
      const share = left - reserved(underWay) - (count - begun - 1)
      const wanted = begun === count - 1 ? share : 1 + below(2 * Math.ceil(share / (count - begun)) - 1)
      const person = personFor(random, people, (p) => beginsAt - (lastOf.get(p) ?? -Infinity) > 86_400_000)
      lastOf.set(person, beginsAt + wanted * gap)
      const isWhatsApp = person % 5 === 0
      insert(underWay, {
        at: beginsAt,
        left: Math.max(1, Math.min(wanted, share)),
        contact: `${isWhatsApp ? 'whatsapp:' : ''}+1${String(2_000_000_000 + person * 7)}`,
        channel: isWhatsApp ? `whatsapp:${SANDBOX}` : (CHANNELS[person % CHANNELS.length] ?? ''),
        isAnswer: false,
      })
      begun += 1
      continue
    }
    if (!next) break
    underWay.shift()
    number += 1
    yield `${JSON.stringify(resource(next, number, seed, { pick, below }))}\n`
    left -= 1
    if (next.left > 1) {
      const silence = 5_000 + below(gap - 10_000)
      insert(underWay, {
        ...next,
        at: next.at + silence,
        left: next.left - 1,
        isAnswer: !next.isAnswer || below(4) === 0,
      })
    }
  }
}

interface Conversation {
  at: number
  left: number
  contact: string
  channel: string
  isAnswer: boolean
}

interface Dice {
  pick: <T>(items: readonly T[]) => T
  below: (n: number) => number
}

function resource(
  c: Conversation,
  number: number,
  seed: number,
  { pick, below }: Dice,
): Record<string, unknown> {
  const hasMedia = below(20) === 0
  const sid = `${hasMedia ? 'MM' : 'SM'}${(seed % 0xffffffff).toString(16).padStart(8, '0')}${number.toString(16).padStart(24, '0')}`
  const date = new Date(Math.floor(c.at / 1_000) * 1_000).toUTCString().replace('GMT', '+0000')
  const isLost = c.isAnswer && below(100) === 0
  return {
    account_sid: 'AC00000000000000000000000000000001',
    api_version: '2010-04-01',
    body: hasMedia && below(2) === 0 ? '' : pick(c.isAnswer ? ANSWERS : QUESTIONS),
    date_created: date,
    date_sent: date,
    date_updated: date,
    direction: c.isAnswer ? 'outbound-api' : 'inbound',
    error_code: isLost ? 30003 : null,
    error_message: null,
    from: c.isAnswer ? c.channel : c.contact,
    messaging_service_sid: null,
    num_media: hasMedia ? '1' : '0',
    num_segments: '1',
    price: null,
    price_unit: 'USD',
    sid,
    status: isLost ? 'undelivered' : c.isAnswer ? 'delivered' : 'received',
    to: c.isAnswer ? c.contact : c.channel,
  }
}

/** A few people write most: the square of a random number leans to the first. Somebody who is not just writing. */
function personFor(random: () => number, people: number, isFree: (person: number) => boolean): number {
  for (let tries = 0; tries < 8; tries++) {
    const person = Math.floor(random() ** 2 * people)
    if (isFree(person)) return person
  }
  // Everybody found is busy: a new face.
  return people + Math.floor(random() * 1e8)
}

const reserved = (underWay: readonly Conversation[]): number => underWay.reduce((sum, c) => sum + c.left, 0)

function insert(underWay: Conversation[], conversation: Conversation): void {
  const place = underWay.findIndex((c) => c.at > conversation.at)
  underWay.splice(place < 0 ? underWay.length : place, 0, conversation)
}

/** mulberry32: small, quick, and the same on every machine. */
function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
