/** The bicycle workshop of the screens: who writes, and what. Times are minutes before the world's now. */
import type { Medium, Message, Reason, Sender } from '../../../src/shared/documents.ts'

const DAY = 24 * 60
const LONG = `Thanks for the list. I have read all of it and want to be sure that I understood it, because the last shop and I did not understand each other and that was expensive. You would take the wheels off, replace both tyres and the rear cassette, keep the chain rings, clean and grease the hubs, and change the cables but not the housings, unless a housing is cracked, in which case you write first. The bell stays. The rack stays. The child seat goes back on in the higher position, and the rear light is wired so that it works with the stand light as well. `

export interface Line {
  /** Minutes before now. */
  ago: number
  by: Sender
  text: string
  more?: Partial<Message>
}
export interface Person {
  name: string
  number: string
  medium: Medium
  reason: Reason
  lines: Line[]
  closed?: true
  unread?: number
  optedOut?: true
  failed?: true
  notes?: string
  tags?: string[]
  composer?: { code: 'voice' | 'window_closed' | 'opted_out'; sentence: string }
}

const silence = (minutes: number): Reason => ({
  kind: 'silence',
  silence_ms: minutes * 60_000 + 12_000,
  gap_ms: 300_000,
})
const first: Reason = { kind: 'first' }
const photo = {
  media: [{ url: 'https://api.twilio.com/2010-04-01/Media/ME1', content_type: 'image/jpeg' }],
}
const c = (ago: number, text: string, more: Partial<Message> = {}): Line => ({
  ago,
  by: 'contact',
  text,
  more,
})
const you = (ago: number, text: string, more: Partial<Message> = {}): Line => ({
  ago,
  by: 'operator',
  text,
  more: { status: 'delivered', ...more },
})
const auto = (ago: number, text: string, rule: string): Line => ({
  ago,
  by: 'ai',
  text,
  more: { status: 'delivered', answered_by: rule },
})

const MARGUERITE = { name: 'Marguerite Delacroix-Vandenberghe', number: '+16075550142' }

/** Each is one session; sessions of one number and medium stand oldest first. */
export const PEOPLE: Person[] = [
  {
    ...MARGUERITE,
    medium: 'whatsapp',
    reason: first,
    lines: [c(257 * DAY, 'Do you repair frames?'), you(257 * DAY - 25, 'We do, steel only.')],
    closed: true,
  },
  {
    ...MARGUERITE,
    medium: 'sms',
    reason: first,
    lines: [
      c(961, 'Are you open on Fridays?'),
      you(959, 'Yes, until 18:00.'),
      c(957, 'Then I’ll come by tomorrow'),
      you(956, 'See you at five then'),
    ],
    closed: true,
  },
  {
    ...MARGUERITE,
    medium: 'sms',
    reason: silence(6),
    notes:
      'Commutes daily, so a loan bike matters more than the price. Husband Jean-Baptiste may collect. Don’t ring before ten.',
    tags: ['Gazelle 2009', 'Pays by invoice'],
    lines: [
      c(950, 'Hi, Marguerite again. A new chain for the Gazelle, or will cleaning do? 🚲'),
      auto(950, 'Thanks Marguerite! We’re closed and will answer after 9:00.', 'opening hours'),
      you(11, 'It’s stretched by 0.8 %, so a new chain, $38 fitted. Go ahead?'),
      c(9, 'Yes please. And look at the rim, is that wear?', photo),
      you(7, 'Some, but it has a year left. Prices for new rims: https://kettlecycles.example/rims', {
        status: 'undelivered',
        error_code: 30007,
      }),
      c(4, 'Could you true the rear wheel as well? It rubs a little 🙏'),
    ],
  },
  {
    name: 'عبد الرحمن بن يوسف الخطيب',
    number: '+971505550134',
    medium: 'whatsapp',
    reason: silence(4000),
    unread: 2,
    tags: ['Red tandem'],
    notes: 'Reads English, prefers Arabic. Wants every change in writing.',
    lines: [
      c(18, 'صباح الخير، هل انتهيتم من الدراجة الحمراء؟'),
      you(
        15,
        'Good morning Abdulrahman, nearly. Here is the list we agreed on; say if anything is missing.',
        {
          status: 'read',
        },
      ),
      c(11, LONG.repeat(9)),
      c(6.4, 'ممتاز 👌🏽'),
      c(6, 'هل يمكنني استلامها بعد الخامسة مساءً؟'),
    ],
  },
  {
    name: 'Dev Anand',
    number: '+15705550177',
    medium: 'voice',
    reason: first,
    lines: [c(2 * DAY + 171, 'Missed call', { status: 'received' })],
  },
  {
    name: 'Dev Anand',
    number: '+15705550177',
    medium: 'voice',
    reason: silence(2 * DAY + 120),
    unread: 1,
    tags: ['Warranty 2027'],
    notes: 'New freewheel fitted on 12 September, job 2026-0355.',
    composer: { code: 'voice', sentence: 'A voice session is answered by a call or in writing.' },
    lines: [
      c(22, 'Call, not answered. The greeting asked for a message.', {
        call: { status: 'completed', duration_s: 24 },
      }),
      c(21, '', {
        media: [
          {
            url: 'https://api.twilio.com/2010-04-01/Recordings/RE1',
            content_type: 'audio/mpeg',
            duration_s: 47,
            recording_sid: 'RE1',
          },
        ],
        transcript: {
          status: 'completed',
          text: 'Hi, it’s Dev, the freewheel is skipping again on the hill by the library. It’s the one you put in in September, so I hope that’s still under your guarantee. I could drop it off tomorrow before nine if somebody’s in. Thanks, bye.',
        },
      }),
    ],
  },
  {
    name: '田中 美咲',
    number: '+819055500188',
    medium: 'whatsapp',
    reason: first,
    lines: [
      c(34, 'こんにちは。28×1.75のタイヤはありますか？'),
      you(30, '28×1.75のタイヤ、2本取り置きしました。', { status: 'read' }),
    ],
  },
  {
    name: '',
    number: '+15703251809',
    medium: 'sms',
    reason: first,
    unread: 1,
    lines: [c(44, 'hi is this the bike place on kettle st')],
  },
  {
    name: 'Wilhelmina “Billie” Oyelaran-Fitzgerald-Montgomery',
    number: '+16075550119',
    medium: 'sms',
    reason: silence(90),
    failed: true,
    lines: [
      c(60, 'Could you send the invoice again?'),
      you(55, 'Invoice 2026-0417 is on its way to you', { status: 'unsure' }),
    ],
  },
  {
    name: 'Greenway Couriers, Tomasz',
    number: '+16075550190',
    medium: 'whatsapp',
    reason: silence(600),
    lines: [c(75, 'Three bikes for service on Monday'), you(73, 'Noted, Monday from 8:00.'), c(71, '👍🏽')],
  },
  {
    name: '',
    number: '+442079460958',
    medium: 'voice',
    reason: first,
    composer: { code: 'voice', sentence: 'A voice session is answered by a call or in writing.' },
    lines: [c(107, 'Missed call'), auto(107, 'Missed call, texted back', 'missed call')],
  },
  {
    name: 'José Ñúñez Ibáñez',
    number: '+15705550161',
    medium: 'sms',
    reason: first,
    lines: [
      c(160, '¿Abren hoy?'),
      auto(160, 'Thanks José! We open at 9:00 and will answer then.', 'opening hours'),
    ],
  },
  {
    name: 'Priya Raghunathan',
    number: '+16075550156',
    medium: 'whatsapp',
    reason: first,
    closed: true,
    lines: [
      c(48 * DAY, 'The blue one is gorgeous, can you keep it till Tuesday?'),
      you(48 * DAY - 16, 'Of course.', { status: 'read' }),
    ],
  },
  {
    name: 'Priya Raghunathan',
    number: '+16075550156',
    medium: 'whatsapp',
    reason: { kind: 'closed', at: '2026-10-03T12:31:00.000Z' },
    composer: {
      code: 'window_closed',
      sentence:
        'WhatsApp’s 24 hours ended today at 9:14. Until Priya writes again, only an approved template reaches her here.',
    },
    lines: [
      c(DAY + 94, 'Hello! My son’s frame has a crack, is that something you can weld?'),
      you(DAY + 91, 'Hi Priya, aluminium we can’t, steel yes. Could you send a photo?', { status: 'read' }),
      c(DAY + 88, 'here’s the crack I meant, just under the bottle cage', photo),
    ],
  },
  {
    name: 'Łukasz Wiśniewski',
    number: '+15705550183',
    medium: 'sms',
    reason: first,
    closed: true,
    lines: [
      c(DAY + 300, 'Is it done?'),
      you(DAY + 290, 'Ready for collection, $84.00. We’re open till 18:00.'),
    ],
  },
  {
    name: 'Zoë van der Berg-Ó Súilleabháin',
    number: '+16075550127',
    medium: 'sms',
    reason: first,
    optedOut: true,
    composer: {
      code: 'opted_out',
      sentence: 'They opted out on Wednesday with STOP. Nothing may be sent until they write START.',
    },
    lines: [
      you(2 * DAY + 400, 'Our winter check is $20 off this week.'),
      c(2 * DAY + 398, 'STOP', { opt_out: 'STOP' }),
    ],
  },
]
