/** What a phone can be told to do. */
export type Deed =
  | { kind: 'text'; from: string; medium: 'sms' | 'whatsapp'; body: string; photo?: boolean }
  | { kind: 'call'; from: string; lines?: string[]; voicemail?: string }

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

/** The tests a person does with a phone (reference brief.md), and two more to look at. */
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
} as const satisfies Record<string, readonly Step[]>

export type ScenarioName = keyof typeof scenarios
