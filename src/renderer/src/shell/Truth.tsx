import type { TruthView } from '../../../shared/contract.ts'
import { Button, IconButton, LinkButton } from '../parts/Button.tsx'
import { Icon } from '../parts/Icon.tsx'
import { useApp, useConsole, useSimulated } from '../state/app.ts'
import { useCell } from '../state/cell.ts'
import { hostOf } from '../pages/settings/liveSteps.ts'
import { go, hrefOf, route } from '../state/route.ts'
import { switchTheme } from '../state/theme.ts'
import { toList } from '../state/visit.ts'
import { useTime } from '../state/worldClock.ts'
import { ago, clockSeconds, duration, figure, ms, plural } from '../words.ts'
import { SessionsLink } from './SessionsLink.tsx'

/** The line that always says what is true now, and the one thing to do when something is wrong. */
export function Truth({ onFind }: { onFind: () => void }) {
  const app = useApp()
  const console = useConsole()
  const truth = useCell(console.truth)
  const simulated = useSimulated()
  const connected = useCell(app.line) === 'open'
  // What was true when the line broke may be so no longer.
  const tone = connected ? toneOf(truth) : 'off'
  return (
    <header className={`truth truth--${tone} ${simulated ? 'truth--sim' : ''}`}>
      <span className="truth__mark">
        <Icon name="mark" size={20} />
      </span>
      <div className="truth__now" role="group" aria-label="What is so">
        <a className="truth__state" href={hrefOf({ page: 'settings', place: 'status' })}>
          <span className={`dot dot--${simulated && tone === 'ok' ? 'off' : tone}`} />
          <span className="cut" role="status">
            {connected ? <StateWords truth={truth} simulated={simulated} /> : 'Not connected'}
          </span>
        </a>
        {connected && truth?.catch_up.away && <Away messages={truth.catch_up.away.messages} />}
        {connected && truth && <Facts truth={truth} simulated={simulated} />}
      </div>
      {connected && truth?.action && <Action action={truth.action} />}
      {console.world === 'real' && truth?.simulation_running && (
        <SessionsLink className="link not-narrow" console={app.consoles.simulation}>
          Show the simulation
        </SessionsLink>
      )}
      <button type="button" className="find" onClick={onFind} aria-keyshortcuts="Control+K Meta+K">
        <Icon name="search" />
        <span className="grow">Find or run a command</span>
        <kbd>Ctrl K</kbd>
      </button>
      <IconButton icon="moon" label="Switch light and dark" onClick={switchTheme} />
    </header>
  )
}

function toneOf(truth: TruthView | null): 'ok' | 'lamp' | 'danger' | 'off' {
  if (!truth || truth.state === 'stopped' || truth.account === 'none') return 'off'
  if (truth.problems.some(({ code }) => code.startsWith('disk') || code.startsWith('data'))) return 'danger'
  const isWell = truth.state === 'listening' && truth.parts.every(({ state }) => state !== 'trouble')
  if (!isWell) return 'lamp'
  return isUnproven(truth) ? 'off' : 'ok'
}

/** It listens, but no way in is open from here, and nothing has come since the start by one of the operator's own making. */
const isUnproven = (truth: TruthView) =>
  truth.account === 'set' &&
  truth.state === 'listening' &&
  truth.public_base === null &&
  truth.last_webhook_at === null

const isLost = (truth: TruthView) => truth.problems[0]?.code === 'tunnel_down'

/** What is so; while nothing arrives, for how long. */
function StateWords({ truth, simulated }: { truth: TruthView | null; simulated: boolean }) {
  const { clock, live } = useConsole()
  const since = useCell(live)?.tunnel.lost_at ?? undefined
  const lost = useTime(clock, (now) =>
    since === undefined ? 'Not listening' : `Not listening for ${duration(Math.max(0, now - ms(since)))}`,
  )
  if (!truth) return 'Starting'
  if (isLost(truth)) return lost
  if (truth.state === 'listening' && simulated) return 'Simulation'
  return truth.sentence
}

/** What arrived while nobody listened; pressed, it shows it. */
function Away({ messages }: { messages: number }) {
  const console = useConsole()
  const show = () => {
    console.show({ type: 'all', filter: 'unread', order: 'latest' })
    toList(console)
    void console.ask('catch_up.seen', {}).then((result) => {
      if (!result.ok) console.toasts.fail(result.error.message)
    })
  }
  return (
    <span className="truth__fact truth__fact--away">
      <LinkButton className="cut n" onClick={show}>
        <span className="not-narrow">{plural(messages, 'message')} arrived while you were away</span>
        <span className="only-narrow">{figure(messages)} arrived while away</span>
      </LinkButton>
    </span>
  )
}

function Facts({ truth, simulated }: { truth: TruthView; simulated: boolean }) {
  const { clock } = useConsole()
  const last = truth.last_webhook_at
  const seen = useTime(clock, (now) =>
    last === null
      ? isUnproven(truth)
        ? 'no way in is open from here, no webhook yet'
        : 'no webhook yet'
      : `last webhook ${clockSeconds(ms(last))}, ${ago(now - ms(last))}`,
  )
  const tunnel = useCell(useConsole().live)?.tunnel
  const lost = isLost(truth)
  const trouble =
    // Also while the next try is under way: the words don't change with each.
    lost && tunnel && tunnel.tries > 0
      ? `${[hostOf(tunnel.url), tunnel.reason].filter(Boolean).join(': ')}, reopening, try ${String(tunnel.tries)}`
      : truth.problems[0]?.sentence
  // Listening, and yet something else is not as it should be.
  const troubled = truth.parts
    .filter(({ state }) => state === 'trouble')
    .map(({ title }) => title.toLowerCase())
  const host = hostOf(truth.public_base)
  const ahead = simulated && clock.ahead > 0 ? `clock ${duration(clock.ahead)} ahead` : null
  return (
    <>
      {trouble && trouble !== truth.sentence && <Fact words={trouble} />}
      {!trouble && host && <Fact words={host} />}
      {ahead && <Fact words={ahead} />}
      {lost && <Fact words="nothing is lost: what arrives now is read afterwards" kind="late" />}
      {!lost && (truth.account !== 'none' || truth.outbox > 0) && (
        <Fact
          words={
            truth.outbox === 0
              ? 'nothing waiting to send'
              : `${plural(truth.outbox, 'message')} waiting to send`
          }
          kind="late"
        />
      )}
      {/* It grows and shrinks, and nothing stands behind it but what is held at the other end. */}
      {!trouble && truth.account !== 'none' && <Fact words={seen} kind="keep" />}
      {!trouble && troubled.length > 0 && (
        <span className="truth__fact truth__fact--look">
          <a className="link cut" href={hrefOf({ page: 'settings', place: 'status' })}>
            To look at: {troubled.join(', ')}
          </a>
        </span>
      )}
    </>
  )
}

function Fact({ words, kind = 'plain' }: { words: string; kind?: 'plain' | 'keep' | 'late' }) {
  return (
    <span className={`truth__fact truth__fact--${kind}`}>
      <span className="cut n">{words}</span>
    </span>
  )
}

/** Requests that need nothing said with them; for any other the settings are where to go. */
const PLAIN = [
  'simulation.start',
  'simulation.stop',
  'truth.get',
  'tunnel.retry',
  'catch_up.start',
  'live.go',
] as const

const isPage = (request: string): boolean => request.startsWith('go_')

function Action({ action: { label, request } }: { action: NonNullable<TruthView['action']> }) {
  const console = useConsole()
  const { page } = useCell(route)
  // There already.
  if (request === 'go_phone' && page === 'phone') return null
  const act = async () => {
    const plain = PLAIN.find((name) => name === request)
    if (request === 'go_live') return go({ page: 'settings', place: 'live' })
    if (!plain) return go({ page: request === 'go_phone' ? 'phone' : 'settings' })
    const result = await console.ask(plain, {})
    if (!result.ok) console.toasts.fail(result.error.message)
  }
  return (
    // Narrow, the rail at the foot has the pages, and the words before need the room.
    <Button className={`truth__act ${isPage(request) ? 'not-narrow' : ''}`} onClick={() => void act()}>
      {label}
    </Button>
  )
}
