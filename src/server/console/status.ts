import type {
  AccountView,
  CatchUpView,
  LeavingView,
  NumberView,
  StatusPart,
  TunnelView,
} from '../../shared/live.ts'
import type { OutboxEntry, StoreState } from '../store/types.ts'

/** What is known of each part; undefined where this console has none of it. Times are ms. */
export interface StatusFacts {
  isSimulation: boolean
  tunnel: TunnelView
  /** Whether webhooks are taken at all: something listens, and a token is set. */
  isListening: boolean
  account: AccountView | undefined
  /** Whether some account is set, where nobody knows more of it. */
  hasAccount: boolean
  numbers: readonly NumberView[]
  leaving: Pick<LeavingView, 'left' | 'next_try_at' | 'why'> | null
  /** When the numbers were read from Twilio; null: not yet. */
  numbersReadAt: string | null
  lastWebhookAt: number | null
  /** Requests refused for their signature since then; `since` in ms. */
  refusedWebhooks: { count: number; since: number } | null
  /** Not sent yet; when the first that waits for another try gets it; and those whose sending ended in doubt. */
  outbox: { waiting: number; triedAt: string | null; unsure: number }
  catchUp: CatchUpView
  /** How far Twilio's clock is ahead of this computer's, ms; undefined while that is not known. */
  ahead: number | undefined
  disk: { state: StoreState; room: RoomFacts | undefined }
}

export interface RoomFacts {
  used: number
  free: number
  /** The newest backup in the data folder. */
  backup: { at: number } | null
  /** Why the last backup that was due could not be made; empty when it could. */
  backupProblem: string
}

/** None: there is nothing to say of it. */
type Line = (facts: StatusFacts) => StatusPart | undefined
const goLive = (label: string) => ({ label, request: 'go_live' }) as const
const TRY_NOW = { label: 'Try now', request: 'tunnel.retry' } as const
const askTwilio = (label: string) => ({ label, request: 'live.numbers' }) as const

/** The lines of the Status page. Times in sentences are ISO, in UTC: a screen says them in its reader's zone. */
export const statusParts = (facts: StatusFacts): StatusPart[] => LINES.flatMap((line) => line(facts) ?? [])

const tunnelLine: Line = ({ tunnel, isSimulation, isListening }) => {
  const part = { id: 'tunnel', title: 'Tunnel' } as const
  const host = hostOf(tunnel.url)
  const { tries, next_try_at: next } = tunnel
  switch (tunnel.state) {
    case 'off':
      return {
        ...part,
        state: 'off',
        sentence: isSimulation
          ? 'A simulation needs none: its phones are on this computer.'
          : isListening
            ? 'No way in is open from here. What is forwarded to the webhook port is taken.'
            : 'No way in is open from outside.',
        action: isSimulation ? null : goLive('Open one'),
      }
    case 'opening':
    case 'checking':
      return {
        ...part,
        state: tries > 0 ? 'trouble' : 'busy',
        sentence:
          tries > 0
            ? `${host || 'The way in'} is being opened again, try ${String(tries + 1)}. Nothing is lost: what arrives now is read afterwards.`
            : tunnel.state === 'opening'
              ? 'An address is being opened.'
              : `${host || 'The way in'} is open, and is being asked whether it leads here.`,
        // The same button from the first failure on: it doesn't come and go with each try.
        action: tries > 0 ? TRY_NOW : null,
      }
    case 'up':
      return {
        ...part,
        state: 'well',
        sentence: `${host} leads here, since ${toMinute(tunnel.since)}.`,
        action: goLive('Change'),
      }
    case 'down':
      return {
        ...part,
        state: 'trouble',
        sentence: `${host || 'The way in'} does not lead here${tunnel.lost_at === null ? '' : ` since ${toSecond(tunnel.lost_at)}`}: ${tunnel.reason}. Try ${String(tries)} failed${next === null ? '' : `, the next is at ${toSecond(next)}`}.`,
        action: TRY_NOW,
      }
  }
}

const accountLine: Line = ({ account, hasAccount, isSimulation }) => {
  const part = { id: 'account', title: 'Account' } as const
  if (isSimulation)
    return { ...part, state: 'well', sentence: 'The simulation’s own; it reaches nobody.', action: null }
  if (!account)
    return hasAccount
      ? { ...part, state: 'well', sentence: 'A token is set from outside.', action: null }
      : { ...part, state: 'off', sentence: 'No Twilio account is entered yet.', action: goLive('Connect it') }
  const who = [account.name, account.sid && `${account.sid.slice(0, 2)}…${account.sid.slice(-4)}`]
    .filter(Boolean)
    .join(', ')
  const isFixed = account.kept === 'environment'
  switch (account.state) {
    case 'none':
      return { ...part, state: 'off', sentence: account.sentence, action: goLive('Connect it') }
    case 'good':
      return {
        ...part,
        state: 'well',
        sentence: `${who}. Token checked${account.checked_at === null ? '' : ` at ${toMinute(account.checked_at)}`}.`,
        action: isFixed ? null : goLive('Change token'),
      }
    case 'refused':
      return {
        ...part,
        state: 'trouble',
        sentence: [who, account.sentence].filter(Boolean).join('. '),
        // What is set from outside is changed there; here Twilio can be asked again.
        action: isFixed ? askTwilio('Ask again') : goLive('Change token'),
      }
    case 'unreached':
      // Without its SID nobody can be asked about it.
      if (account.sid === null)
        return {
          ...part,
          state: 'off',
          sentence: account.sentence,
          action: isFixed ? null : goLive('Connect it'),
        }
      return {
        ...part,
        state: account.checked_at === null ? 'off' : 'trouble',
        sentence: [who, account.sentence].filter(Boolean).join('. '),
        action: askTwilio(account.checked_at === null ? 'Ask now' : 'Ask again'),
      }
  }
}

const numbersLine: Line = ({ numbers, leaving, numbersReadAt, account, hasAccount, isSimulation }) => {
  const part = { id: 'numbers', title: 'Numbers' } as const
  const chosen = numbers.filter((number) => number.chosen)
  if (isSimulation)
    return { ...part, state: 'well', sentence: 'The test phone writes to one of its own.', action: null }
  if (!hasAccount)
    return { ...part, state: 'off', sentence: 'There are none without an account.', action: null }
  if (leaving && leaving.why !== '')
    return {
      ...part,
      state: 'trouble',
      sentence: `${String(leaving.left)} could not be put back yet, which is tried again by itself. ${leaving.why}`,
      action: goLive('Look at it'),
    }
  const notBack = numbers.find((number) => !number.chosen && number.before !== null && number.problem !== '')
  if (notBack)
    return {
      ...part,
      state: 'trouble',
      sentence: `${notBack.number} could not be put back yet: ${notBack.problem}`,
      action: goLive('Look at it'),
    }
  if (chosen.length === 0) {
    // Which of them come here is known once Twilio has said which there are.
    const isUnknown = account && account.sid !== null && account.state !== 'none' && numbersReadAt === null
    return {
      ...part,
      state: 'off',
      sentence: isUnknown ? 'They were not read from Twilio yet.' : 'None is chosen to come here.',
      action: isUnknown ? askTwilio('Read them') : goLive('Choose'),
    }
  }
  const here = chosen.filter(({ state }) => state === 'here').length
  const problem = chosen.find((number) => number.problem !== '')
  const count = `${String(here)} of ${String(chosen.length)} point here.`
  if (problem)
    return {
      ...part,
      state: 'trouble',
      sentence: `${count} ${problem.number}: ${problem.problem}`,
      action: goLive('Look at it'),
    }
  if (here < chosen.length)
    return {
      ...part,
      state: chosen.some(({ state }) => state === 'elsewhere') ? 'trouble' : 'off',
      sentence: chosen.some(({ state }) => state === 'elsewhere')
        ? `${count} Something else has changed the others since.`
        : `${count} The others do once you go live.`,
      action: goLive('Point them here'),
    }
  return {
    ...part,
    state: 'well',
    sentence: `${count} Twilio tries each message again for 15 s.`,
    action: { label: 'Self-test', request: 'live.test' },
  }
}

const webhookLine: Line = ({ lastWebhookAt, refusedWebhooks, account, isListening, isSimulation }) => {
  const part = { id: 'last_webhook', title: 'Last webhook' } as const
  const log = { label: 'Go to the logs', request: 'go_log' } as const
  if (refusedWebhooks) {
    const { count, since } = refusedWebhooks
    const taken = lastWebhookAt === null ? '' : `Taken at ${toSecond(iso(lastWebhookAt))}. `
    // Twilio repeats each: how many messages they were about nobody can tell who may not believe them.
    const requests = count === 1 ? '1 request' : `${count.toLocaleString('en-US')} requests`
    const refused = `${taken}${requests} refused since ${toMinute(iso(since))}`
    // Anybody can post something unsigned here: only Twilio's own word on the account makes it trouble.
    if (account?.state === 'refused')
      return {
        ...part,
        state: 'trouble',
        sentence: `${refused}: signed with another token. What they told of is read from Twilio’s lists once the account’s token is right.`,
        action: account.kept === 'environment' ? log : goLive('Change token'),
      }
    return {
      ...part,
      state: lastWebhookAt === null ? 'off' : 'well',
      sentence: `${refused}: not signed for this address with this account’s token. Only Twilio may post here.`,
      action: log,
    }
  }
  if (lastWebhookAt !== null)
    return {
      ...part,
      state: 'well',
      sentence: `Taken at ${toSecond(iso(lastWebhookAt))}, and stored before it was answered.`,
      action: log,
    }
  return {
    ...part,
    state: 'off',
    sentence: isListening
      ? 'None has come since the start.'
      : 'None is taken: no token is set to check them with.',
    action: isSimulation || !isListening ? { label: 'Test phone', request: 'go_phone' } : null,
  }
}

const outboxLine: Line = ({ outbox: { waiting, triedAt, unsure }, hasAccount, account }) => {
  const part = { id: 'outbox', title: 'To send' } as const
  const show = { label: 'Show sessions', request: 'go_sessions' } as const
  const doubt = unsure === 0 ? '' : `${messages(unsure)} may or may not have gone out. `
  if (waiting === 0)
    return {
      ...part,
      state: unsure > 0 ? 'trouble' : 'well',
      sentence: `${doubt}Nothing ${unsure > 0 ? 'else ' : ''}waits to be sent.`,
      action: unsure > 0 ? show : null,
    }
  const isOne = waiting === 1
  if (account?.state === 'refused')
    return {
      ...part,
      state: 'trouble',
      sentence: `${doubt}${messages(waiting)} ${isOne ? 'waits' : 'wait'} until Twilio takes the account again.`,
      action: account.kept === 'environment' ? show : goLive('Change token'),
    }
  const state =
    triedAt === null
      ? `${isOne ? 'is' : 'are'} being sent.`
      : `${isOne ? 'waits' : 'wait'}; the next try is at ${toSecond(triedAt)}.`
  return {
    ...part,
    state: !hasAccount || unsure > 0 ? 'trouble' : 'busy',
    sentence: hasAccount
      ? `${doubt}${messages(waiting)} ${state} Sending does not need the tunnel.`
      : `${doubt}${messages(waiting)} ${isOne ? 'waits' : 'wait'} for an account.`,
    action: hasAccount ? show : goLive('Connect it'),
  }
}

const messages = (count: number): string =>
  count === 1 ? '1 message' : `${count.toLocaleString('en-US')} messages`

const catchUpLine: Line = ({ catchUp, hasAccount, isSimulation }) => {
  const part = { id: 'catch_up', title: 'Catching up' } as const
  const readTo = catchUp.read_to === null ? '' : `Read to ${toMinute(catchUp.read_to)}. `
  if (isSimulation)
    return { ...part, state: 'off', sentence: 'Nothing is missed in a simulation.', action: null }
  if (!hasAccount || catchUp.state === 'off')
    return {
      ...part,
      state: 'off',
      sentence: hasAccount
        ? 'Twilio’s lists are read once the account’s SID is set beside its token.'
        : 'Twilio’s lists are read once an account is entered.',
      action: null,
    }
  if (catchUp.state === 'reading')
    return {
      ...part,
      state: 'busy',
      sentence: `${catchUp.sentence} ${catchUp.looked_at.toLocaleString('en-US')} looked at, ${catchUp.found.toLocaleString('en-US')} of them new.`,
      action: { label: 'Stop', request: 'catch_up.cancel' },
    }
  return {
    ...part,
    state: catchUp.state === 'failed' ? 'trouble' : 'well',
    sentence: `${readTo}${catchUp.sentence}`,
    action: { label: 'Read now', request: 'catch_up.start' },
  }
}

/** What a clock may differ from Twilio's, ms: more is said (design §3). */
const CLOCKS_DIFFER = 5_000

const clockLine: Line = ({ ahead, isSimulation }) => {
  if (isSimulation || ahead === undefined || Math.abs(ahead) <= CLOCKS_DIFFER) return undefined
  const by = spanWords(Math.abs(ahead))
  return {
    id: 'clock',
    title: 'Clock',
    state: 'trouble',
    sentence: `This computer’s clock is ${by} ${ahead > 0 ? 'behind' : 'ahead of'} Twilio’s, so messages get a wrong time. Let the system set the clock by itself, then read again.`,
    action: { label: 'Read again', request: 'catch_up.start' },
  }
}

/** 40 s, 12 min, 3 h: to the nearest. */
function spanWords(ms: number): string {
  if (ms < 100_000) return `${String(Math.round(ms / 1_000))} s`
  if (ms < 100 * 60_000) return `${String(Math.round(ms / 60_000))} min`
  return ms < 48 * 3_600_000
    ? `${String(Math.round(ms / 3_600_000))} h`
    : `${String(Math.round(ms / 86_400_000))} days`
}

/** Below so much a warning is due: a day of a busy number with pictures, and the backup beside it. */
const LITTLE_ROOM = 1_000_000_000

const diskLine: Line = ({ disk: { state, room } }) => {
  const part = { id: 'disk', title: 'Disk' } as const
  const back = { label: 'Back up now', request: 'backup.now' } as const
  const where = { label: 'Data folder', request: 'go_data' } as const
  if (state.state !== 'ok') return { ...part, state: 'trouble', sentence: state.reason, action: where }
  if (!room) return { ...part, state: 'well', sentence: 'The data folder can be written.', action: back }
  const little = room.free < LITTLE_ROOM
  const backup = room.backup
    ? `Last backup at ${toMinute(iso(room.backup.at))}, verified.`
    : 'No backup yet; one a day is made by itself.'
  const failed = room.backupProblem && `Today’s could not be made: ${room.backupProblem}`
  return {
    ...part,
    state: little || failed ? 'trouble' : 'well',
    sentence: [
      `${bytes(room.used)} used, ${bytes(room.free)} free.`,
      little && 'Free some space before nothing can be taken any more.',
      backup,
      failed,
    ]
      .filter(Boolean)
      .join(' '),
    action: little ? where : back,
  }
}

const LINES: readonly Line[] = [
  tunnelLine,
  accountLine,
  numbersLine,
  webhookLine,
  outboxLine,
  catchUpLine,
  clockLine,
  diskLine,
]

/** What of the outbox the line of truth and the Status page tell; what Twilio has already is on its way. */
export function outboxFacts(entries: readonly OutboxEntry[], now: number): StatusFacts['outbox'] {
  const waiting = entries.filter(({ state }) => state === 'queued' || state === 'calling')
  const tries = waiting.map(({ not_before }) => not_before ?? '').sort()
  const [first = ''] = tries
  return {
    waiting: waiting.length,
    triedAt: first > iso(now) ? first : null,
    unsure: entries.filter(({ state }) => state === 'unsure').length,
  }
}

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const

/** 96 MB, 412 GB: steps of 1,000, as disks are sold; never more than there is. */
export function bytes(count: number): string {
  let [value, step] = [count, 0]
  while (value >= 1000 && step < UNITS.length - 1) {
    value /= 1000
    step += 1
  }
  const figure = value < 10 && step > 1 ? (Math.floor(value * 10) / 10).toFixed(1) : String(Math.floor(value))
  return `${figure} ${UNITS[step] ?? ''}`
}

const hostOf = (url: string | null): string => (url === null ? '' : (URL.parse(url)?.host ?? url))
const iso = (ms: number): string => new Date(ms).toISOString()
/** 2026-11-20T10:40Z: how exact it is said is how exact it is shown. */
const toMinute = (at: string): string => `${at.slice(0, 16)}Z`
const toSecond = (at: string): string => `${at.slice(0, 19)}Z`
