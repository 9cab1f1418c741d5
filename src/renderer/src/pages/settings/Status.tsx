import { useState } from 'react'
import type { PartId, StatusPart, StatusRequest, TunnelMoment } from '../../../../shared/live.ts'
import { Button } from '../../parts/Button.tsx'
import { Select } from '../../parts/Field.tsx'
import { Icon, type IconName } from '../../parts/Icon.tsx'
import { Loading } from '../../parts/Empty.tsx'
import { Pill } from '../../parts/Pill.tsx'
import { Time } from '../../parts/Time.tsx'
import { useApp, useConsole, useSimulated } from '../../state/app.ts'
import { useCell } from '../../state/cell.ts'
import type { Console } from '../../state/console.ts'
import { go } from '../../state/route.ts'
import { toList } from '../../state/visit.ts'
import { useMinute } from '../../state/worldClock.ts'
import { Section } from './Parts.tsx'
import { GO, inOwnTime, isPlace, pillOf, statusLead } from './statusWords.ts'
import './status.css'

const ICONS: Readonly<Record<PartId, IconName>> = {
  tunnel: 'tunnel',
  account: 'key',
  numbers: 'hash',
  last_webhook: 'hook',
  outbox: 'queue',
  catch_up: 'catchup',
  clock: 'clock',
  disk: 'disk',
}

/** How each part is, and the one thing that can be done about it. */
export function Status() {
  const truth = useCell(useConsole().truth)
  const isConnected = useCell(useApp().line) === 'open'
  const first = truth?.parts.find(({ state }) => state === 'trouble')
  return (
    <Section id="status" title="Status" lead={statusLead(truth?.parts, isConnected)}>
      {!truth && isConnected && <Loading label="Asking how it is">{null}</Loading>}
      <ol>
        {truth?.parts.map((part) => (
          <PartLine key={part.id} part={part} urgent={part === first} />
        ))}
      </ol>
    </Section>
  )
}

/** `urgent`: of what is troubled the first, and the one to begin with. */
function PartLine({ part, urgent }: { part: StatusPart; urgent: boolean }) {
  const { clock } = useConsole()
  const now = useMinute(clock)
  const pill = pillOf(part)
  return (
    <li className={`health health--${part.state}`}>
      <Icon name={ICONS[part.id]} size={20} />
      <div className="grow">
        <h3>
          {part.title} {pill !== undefined && <Pill tone="lamp">{pill}</Pill>}
        </h3>
        <p className="n">{inOwnTime(part.sentence, now)}</p>
        {part.id === 'tunnel' && <History />}
        {part.id === 'catch_up' && <FurtherBack state={part.state} />}
      </div>
      {part.action && <Act action={part.action} urgent={urgent} />}
    </li>
  )
}

async function run(console: Console, request: StatusRequest): Promise<void> {
  if (request === 'go_sessions') return toList(console)
  if (isPlace(request)) return go(GO[request])
  // How far it comes is shown there, hop by hop.
  if (request === 'live.test') go(GO.go_live)
  const result = await console.ask(request, {})
  if (!result.ok) console.toasts.fail(result.error.message)
  else if (request === 'backup.now' && 'file' in result.value)
    console.toasts.say(`Backed up to ${result.value.file}`)
  // Asked and still not answered looks like nothing happened.
  else if (request === 'live.numbers' && 'account' in result.value && result.value.account.state !== 'good')
    console.toasts.fail(result.value.account.sentence)
}

function Act({ action, urgent }: { action: NonNullable<StatusPart['action']>; urgent: boolean }) {
  const console = useConsole()
  const [busy, setBusy] = useState(false)
  const press = () => {
    setBusy(true)
    void run(console, action.request).then(() => setBusy(false))
  }
  return (
    <Button look={urgent ? 'primary' : 'quiet'} busy={busy} onClick={press}>
      {action.label}
    </Button>
  )
}

const MOMENTS: Readonly<Record<TunnelMoment['state'], string>> = {
  off: 'Closed',
  opening: 'Being opened',
  checking: 'Being asked',
  up: 'Open',
  down: 'Lost',
}

/** What became of the way in, newest first. */
function History() {
  const live = useCell(useConsole().live)
  const moments = live?.tunnel.history ?? []
  if (moments.length === 0) return null
  return (
    <details className="fold">
      <summary>What it did</summary>
      <ol className="moments">
        {moments.toReversed().map((moment, at) => (
          <li key={`${moment.at} ${String(at)}`}>
            <Time at={moment.at} as="seconds" />
            <span>
              {MOMENTS[moment.state]}
              {moment.words === '' ? '' : `: ${moment.words}`}
            </span>
          </li>
        ))}
      </ol>
    </details>
  )
}

const DAYS = [7, 30, 90, 365] as const

/** What Twilio still has of the time before this console. */
function FurtherBack({ state }: { state: StatusPart['state'] }) {
  const console = useConsole()
  const simulated = useSimulated()
  const isNew = useCell(console.counts).all === 0
  const [days, setDays] = useState<number>(30)
  if (simulated || state === 'off' || state === 'busy') return null
  const read = async () => {
    const result = await console.ask('catch_up.start', { days })
    if (!result.ok) console.toasts.fail(result.error.message)
  }
  return (
    <details className="fold" open={isNew}>
      <summary>Read what came before</summary>
      <div className="further">
        <Select
          label="How far back"
          hideLabel
          value={days}
          onChange={(event) => setDays(Number(event.target.value))}
        >
          {DAYS.map((of) => (
            <option key={of} value={of}>
              {of === 365 ? 'The last year' : `The last ${String(of)} days`}
            </option>
          ))}
        </Select>
        <Button onClick={() => void read()}>Read them</Button>
      </div>
    </details>
  )
}
