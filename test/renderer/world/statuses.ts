/** How a console may be, in the words of the console itself, for looking at the Status page and the line of truth. */
import type { TruthView } from '../../../src/shared/contract.ts'
import { sentence } from '../../../src/shared/errors.ts'
import { type StatusFacts, statusParts } from '../../../src/server/console/status/index.ts'
import { NOW } from './build.ts'
import { liveAt, NUMBER, type Stage } from './live.ts'

const at = (ago: number) => new Date(NOW - ago).toISOString()
const CATCH_UP: StatusFacts['catchUp'] = {
  state: 'idle',
  read_to: at(60_000),
  looked_at: 0,
  found: 0,
  sentence: 'Nothing was missed.',
  away: null,
}

function factsOf(stage: Stage): StatusFacts {
  const { account, numbers, numbers_read_at, tunnel } = liveAt(stage)
  const isSet = stage !== 'nothing'
  return {
    isSimulation: false,
    tunnel,
    isListening: isSet,
    account,
    hasAccount: isSet,
    numbers,
    leaving: null,
    numbersReadAt: numbers_read_at,
    lastWebhookAt: isSet ? NOW - 83_000 : null,
    refusedWebhooks: null,
    outbox: { waiting: isSet ? 1 : 0, triedAt: isSet ? at(-31_000) : null, unsure: 0 },
    isHeld: false,
    catchUp: isSet ? CATCH_UP : { ...CATCH_UP, state: 'off', read_to: null },
    ahead: isSet ? 300 : undefined,
    disk: {
      state: { state: 'ok' },
      room: {
        used: 96_400_000,
        free: 412_000_000_000,
        backup: isSet ? { at: NOW - 20_000_000 } : null,
        backupProblem: '',
      },
    },
  }
}

const UNREACHED = 'Twilio cannot be reached; check the internet connection.'

/** What is not as at its stage; each by the name to look at it by: `?status=full`. */
export const STATUSES = {
  unreached: (facts: StatusFacts): StatusFacts => ({
    ...facts,
    account: facts.account && { ...facts.account, state: 'unreached', name: '', sentence: UNREACHED },
    catchUp: {
      ...CATCH_UP,
      state: 'failed',
      sentence: `Twilio’s lists could not be read. ${UNREACHED} It is tried again by itself.`,
    },
    outbox: { waiting: 12, triedAt: at(-31_000), unsure: 1 },
  }),
  elsewhere: (facts: StatusFacts): StatusFacts => ({
    ...facts,
    numbers: facts.numbers.map((number, n) => (n === 0 ? { ...number, state: 'elsewhere' } : number)),
  }),
  overridden: (facts: StatusFacts): StatusFacts => ({
    ...facts,
    numbers: [
      {
        ...NUMBER,
        chosen: true,
        state: 'overridden',
        problem:
          'The messaging service “Kettle Street, all texts” sends this number’s texts to crm.example.com. Open it at Twilio, choose “Defer to sender’s webhook” under Integration, and read the numbers again.',
      },
    ],
  }),
  reading: (facts: StatusFacts): StatusFacts => ({
    ...facts,
    catchUp: {
      ...CATCH_UP,
      state: 'reading',
      looked_at: 12_400,
      found: 37,
      sentence: 'Twilio’s lists are being read for what was missed.',
    },
  }),
  full: (facts: StatusFacts): StatusFacts => ({
    ...facts,
    disk: { ...facts.disk, state: { state: 'full', reason: sentence('disk_full') } },
  }),
  little: (facts: StatusFacts): StatusFacts => ({
    ...facts,
    disk: {
      state: { state: 'ok' },
      room: {
        used: 96_400_000,
        free: 640_000_000,
        backup: { at: NOW - 3 * 86_400_000 },
        backupProblem: sentence('disk_full'),
      },
    },
  }),
  away: (facts: StatusFacts): StatusFacts => ({
    ...facts,
    catchUp: {
      ...CATCH_UP,
      sentence: '3 messages were found in Twilio’s lists and put in their places.',
      away: { messages: 3, since: at(9_000_000) },
    },
  }),
} as const
export type StatusName = keyof typeof STATUSES

/** The line of truth with the parts under it, as the console would tell them. */
export function truthAt(stage: Stage, name?: StatusName): Partial<TruthView> {
  const facts = factsOf(stage)
  const known = name ? STATUSES[name](facts) : facts
  const problem =
    stage === 'lost'
      ? ({ code: 'tunnel_down', sentence: sentence('tunnel_down', { reason: known.tunnel.reason }) } as const)
      : name === 'full'
        ? ({ code: 'disk_full', sentence: sentence('disk_full') } as const)
        : undefined
  return {
    parts: statusParts(known),
    catch_up: known.catchUp,
    outbox: known.outbox.waiting,
    ...(stage === 'nothing' && {
      state: 'stopped',
      account: 'none',
      sentence: 'No account yet: nothing is taken',
      action: { label: 'Try the test phone', request: 'go_phone' },
      public_base: null,
      last_webhook_at: null,
    }),
    ...(problem && {
      state: 'trouble',
      sentence: problem.sentence,
      problems: [problem],
      action: stage === 'lost' ? { label: 'Try now', request: 'tunnel.retry' } : null,
    }),
  }
}
