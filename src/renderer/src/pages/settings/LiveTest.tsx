import type { Hop, LiveView, NumberView, SelfTestView } from '../../../../shared/live.ts'
import { Button } from '../../parts/Button.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { PhoneNumber } from '../../parts/PhoneNumber.tsx'
import { Time } from '../../parts/Time.tsx'
import { useConsole } from '../../state/app.ts'
import { Refused } from './LiveStep.tsx'
import { useLiveAct } from './useLive.ts'

/** What stands in the way of chosen numbers, each in its own words. */
export function LiveStepProblems({ numbers }: { numbers: readonly NumberView[] }) {
  const troubled = numbers.filter(({ chosen, problem }) => chosen && problem !== '')
  if (troubled.length === 0) return null
  return (
    <ul className="warnings" aria-label="What stands in the way">
      {troubled.map(({ sid, number, problem }) => (
        <li key={sid} className="lampc">
          <Icon name="alert" />
          <span>
            <PhoneNumber number={number} />: {problem}
          </span>
        </li>
      ))}
    </ul>
  )
}

/** Sends a signed request out and around, and shows how far it came. */
export function LiveTest({ live }: { live: LiveView }) {
  const { busy, error, act } = useLiveAct()
  const chosen = live.numbers.filter((number) => number.chosen)
  return (
    <div className="step__form">
      <LiveStepProblems numbers={live.numbers} />
      <p className="step__acts">
        {chosen.map(({ sid, number }) => (
          <Button key={sid} busy={busy} onClick={() => void act('live.test', { sid })}>
            {chosen.length === 1 ? 'Send a self-test' : <>Self-test {<PhoneNumber number={number} />}</>}
          </Button>
        ))}
      </p>
      <Refused error={error} />
      {live.test && <Hops test={live.test} />}
    </div>
  )
}

function Hops({ test }: { test: SelfTestView }) {
  return (
    <div className="hops" role="status">
      <p className="meta">
        Self-test of <PhoneNumber number={test.number} />, <Time at={test.at} as="seconds" />
        {test.done ? '' : ', on its way'}
      </p>
      <ol>
        {test.hops.map((hop) => (
          <li key={hop.name} className={hop.ok === false ? 'lampc' : hop.ok === null ? 'ink3' : ''}>
            <Icon name={iconOf(hop)} label={stateOf(hop)} />
            <span>
              <strong>{hop.name}.</strong> {hop.sentence}
              {hop.ms !== null && <span className="meta n"> {Math.round(hop.ms)} ms</span>}
            </span>
          </li>
        ))}
      </ol>
    </div>
  )
}

const iconOf = ({ ok }: Hop) => (ok === null ? 'clock' : ok ? 'sent' : 'alert')
const stateOf = ({ ok }: Hop) => (ok === null ? 'not reached yet' : ok ? 'passed' : 'failed')

/** The WhatsApp sandbox can be told by hand only: the two addresses to paste. */
export function LiveSandbox({ sandbox }: { sandbox: NonNullable<LiveView['sandbox']> }) {
  return (
    <details className="fold">
      <summary>Try WhatsApp with Twilio’s sandbox</summary>
      <p>
        The sandbox takes its addresses by hand: paste these two at Twilio under Messaging, Try it out, Send a
        WhatsApp message, Sandbox settings. Both are called with POST.
      </p>
      <Copied label="When a message comes in" text={sandbox.when_a_message_comes_in} />
      <Copied label="Status callback URL" text={sandbox.status_callback} />
    </details>
  )
}

function Copied({ label, text }: { label: string; text: string }) {
  const { toasts } = useConsole()
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => toasts.say('Copied'),
      () => toasts.fail('It could not be copied; mark it and copy it by hand.'),
    )
  }
  return (
    <p className="copied">
      <span className="label">{label}</span>
      <code>{text}</code>
      <Button icon="copy" onClick={copy} aria-label={`Copy: ${label}`}>
        Copy
      </Button>
    </p>
  )
}
