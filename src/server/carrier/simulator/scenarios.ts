import type { Medium } from '../../../shared/documents.ts'

/** What a phone can be told to do. */
export type Deed =
  | { kind: 'text'; from: string; medium: 'sms' | 'whatsapp'; body: string; photo?: boolean }
  | { kind: 'call'; from: string; lines?: string[]; voicemail?: string }
  /** Nobody does anything: time passes. */
  | { kind: 'wait' }

/** One thing a phone does, `after` ms of simulated time since the step before. */
export interface Step {
  after: number
  does: Deed
}

const ANN = '+1234567890'
const BEN = '+1987654321'
const CHLOE = '+15705550142'

const second = 1000
const minute = 60 * second

function text(after: number, from: string, body: string, medium: 'sms' | 'whatsapp' = 'sms'): Step {
  return { after, does: { kind: 'text', from, medium, body } }
}

/** The tests a person does with a phone (reference brief.md), and some more to look at. */
export const scenarios = {
  /** One session, six messages: three texts and their answers. */
  within: [
    text(0, ANN, 'Hello'),
    text(60 * second, ANN, 'Are you there?'),
    text(90 * second, ANN, 'Can you help?'),
  ],
  /** Six minutes: two sessions of two. */
  after: [text(0, ANN, 'Hello'), text(6 * minute, ANN, 'Hi again')],
  /** Two people, two sessions, interleaved. */
  two_phones: [
    text(0, ANN, 'Hello'),
    text(minute, BEN, 'Hi there'),
    text(minute, ANN, 'Are you there?'),
    text(minute, BEN, 'Can you help?'),
  ],
  voicemail: [
    {
      after: 0,
      does: {
        kind: 'call',
        from: BEN,
        voicemail:
          'Hi, this is Ben. I would like to move my appointment to Friday afternoon. Please call me back.',
      },
    },
  ],
  /** Half an hour at the counter: three people, three media, a picture, a call. */
  busy_morning: [
    text(0, ANN, 'Good morning! What are your hours today?'),
    text(20 * second, BEN, 'Do you have a table for four at noon?', 'whatsapp'),
    text(40 * second, ANN, 'And is there parking?'),
    text(minute, CHLOE, 'Bonjour, is order 1047 ready?'),
    text(30 * second, BEN, 'Two of us are vegetarian', 'whatsapp'),
    {
      after: 2 * minute,
      does: { kind: 'call', from: CHLOE, voicemail: 'It is Chloé about order 1047. I am outside.' },
    },
    text(minute, ANN, 'Thanks, see you then'),
    {
      after: 9 * minute,
      does: { kind: 'text', from: BEN, medium: 'whatsapp', body: 'This is the corner we like', photo: true },
    },
    text(2 * minute, CHLOE, 'Got it, merci!'),
    text(12 * minute, ANN, 'One more question: do you deliver?'),
  ],
  /** WhatsApp takes free words for 24 hours after the contact's last: afterwards only templates. */
  window_closed: [
    text(0, BEN, 'Is my order ready?', 'whatsapp'),
    { after: 25 * 60 * minute, does: { kind: 'wait' } },
  ],
  /** Whoever sends STOP is not written to any more. Not Ann, who is the one in the hand at first. */
  stop: [text(0, CHLOE, 'Hello'), text(minute, CHLOE, 'STOP')],
} as const satisfies Record<string, readonly Step[]>

export type ScenarioName = keyof typeof scenarios

/**
 * How many messages each session of a scenario has in the end, oldest first, with the rules and the gap as they are at
 * the beginning (reference brief.md). Null: there is nothing to be right or wrong about.
 */
export const expectations: Record<ScenarioName, readonly number[] | null> = {
  within: [6],
  after: [2, 2],
  two_phones: [4, 4],
  voicemail: [2],
  busy_morning: null,
  window_closed: [2],
  stop: [3],
}

/** The media a scenario goes over. */
export function mediaOf(name: ScenarioName): ReadonlySet<Medium> {
  const steps: readonly Step[] = scenarios[name]
  return new Set(
    steps.flatMap(({ does }) =>
      does.kind === 'text' ? [does.medium] : does.kind === 'call' ? ['voice' as const] : [],
    ),
  )
}
