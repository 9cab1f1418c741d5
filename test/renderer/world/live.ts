/** Going live at each of its steps, for tests and for looking. */
import type { LiveView, NumberView } from '../../../src/shared/live.ts'
import { NOW } from './build.ts'

const at = (ago: number) => new Date(NOW - ago).toISOString()
/** What a number had before it was pointed here: nothing. */
const BEFORE: NumberView['before'] = {
  sms_url: '',
  sms_method: 'POST',
  sms_fallback_url: '',
  voice_url: '',
  voice_method: 'POST',
  voice_fallback_url: '',
  voice_fallback_method: 'POST',
  status_callback: '',
  status_callback_method: 'POST',
}
export const NUMBER: NumberView = {
  sid: 'PN1',
  kind: 'phone',
  number: '+15705550100',
  name: 'Front desk',
  can: { sms: true, mms: true, voice: true, whatsapp: false },
  chosen: false,
  voice: 'leave',
  state: 'untouched',
  before: null,
  problem: '',
}
const SECOND: NumberView = { ...NUMBER, sid: 'PN2', number: '+15705550101', name: '(570) 555-0101' }

export const NOTHING: LiveView = {
  account: {
    state: 'none',
    sid: null,
    name: '',
    trial: false,
    checked_at: null,
    kept: 'none',
    sentence: 'No Twilio account is entered yet.',
  },
  numbers: [],
  numbers_read_at: null,
  way: { kind: 'none', url: '' },
  tunnel: {
    provider: 'none',
    state: 'off',
    url: null,
    since: at(600_000),
    lost_at: null,
    tries: 0,
    next_try_at: null,
    reason: '',
    history: [],
  },
  wanted: false,
  live: false,
  doing: '',
  problem: '',
  warnings: [],
  test: null,
  sandbox: null,
  leaving: null,
  heard: false,
}

export type Stage = 'nothing' | 'account' | 'numbers' | 'way' | 'live' | 'lost' | 'heard'

export function liveAt(stage: Stage): LiveView {
  if (stage === 'nothing') return NOTHING
  const account: LiveView = {
    ...NOTHING,
    account: {
      state: 'good',
      sid: `AC${'0'.repeat(28)}41f7`,
      name: 'Kettle Street Cycles',
      trial: true,
      checked_at: at(120_000),
      kept: 'key_store',
      sentence: 'Twilio knows this account.',
    },
    numbers: [NUMBER, SECOND],
    numbers_read_at: at(120_000),
  }
  if (stage === 'account') return account
  const numbers: LiveView = {
    ...account,
    numbers: account.numbers.map((number) => ({ ...number, chosen: true })),
  }
  if (stage === 'numbers') return numbers
  const url = 'https://kettle-street.loca.lt'
  const way: LiveView = {
    ...numbers,
    way: { kind: 'localtunnel', url: '' },
    tunnel: {
      ...numbers.tunnel,
      provider: 'localtunnel',
      state: 'up',
      url,
      history: [
        { at: at(640_000), state: 'opening', words: '' },
        { at: at(620_000), state: 'checking', words: url },
        { at: at(600_000), state: 'up', words: url },
      ],
    },
    warnings: [
      {
        code: 'trial',
        sentence: 'This is a trial account: it writes to numbers you have verified at Twilio only.',
        link: 'https://www.twilio.com/docs',
      },
      {
        code: 'tunnel_reads',
        sentence: 'Whoever runs the tunnel’s server can read what passes.',
        link: null,
      },
    ],
    sandbox: {
      when_a_message_comes_in: `${url}/webhooks/whatsapp`,
      status_callback: `${url}/webhooks/status`,
    },
  }
  if (stage === 'way') return way
  const live: LiveView = {
    ...way,
    numbers: way.numbers.map((number) => ({ ...number, state: 'here', before: BEFORE })),
    wanted: true,
    live: true,
    test: {
      number: NUMBER.number,
      at: at(20_000),
      done: false,
      hops: [
        { name: 'Out', ok: true, sentence: 'A signed request left this computer.', ms: 3 },
        { name: 'The way in', ok: true, sentence: 'The public address answered.', ms: 212 },
        { name: 'Back', ok: null, sentence: 'Not here yet.', ms: null },
      ],
    },
  }
  if (stage === 'lost')
    return {
      ...live,
      live: false,
      tunnel: {
        ...live.tunnel,
        state: 'down',
        since: at(1_000),
        lost_at: at(41_000),
        tries: 2,
        next_try_at: at(-4_000),
        reason: 'it stopped answering',
      },
    }
  return stage === 'heard' ? { ...live, heard: true } : live
}
