import { useState } from 'react'
import type { LiveView } from '../../../../shared/live.ts'
import { LinkButton } from '../../parts/Button.tsx'
import { Loading } from '../../parts/Empty.tsx'
import { NotRead } from '../../parts/NotRead.tsx'
import { PhoneNumber } from '../../parts/PhoneNumber.tsx'
import { useConsole, useSimulated } from '../../state/app.ts'
import { SessionsLink } from '../../shell/SessionsLink.tsx'
import { LiveAccount } from './LiveAccount.tsx'
import { LiveForget } from './LiveForget.tsx'
import { LiveGo, LiveLeave } from './LiveGo.tsx'
import { LiveNumbers } from './LiveNumbers.tsx'
import { LiveStep } from './LiveStep.tsx'
import {
  accountWords,
  chosenWords,
  doneCount,
  stepStates,
  type StepId,
  tunnelWords,
  wayWords,
} from './liveSteps.ts'
import { LiveSandbox, LiveTest } from './LiveTest.tsx'
import { LiveWay } from './LiveWay.tsx'
import { Section } from './Parts.tsx'
import { useLive } from './useLive.ts'
import './live.css'

/** From nothing to a number that answers here, in five steps, each of which can be undone. */
export function Live() {
  const simulated = useSimulated()
  return simulated ? (
    <Section
      id="live"
      title="Go live"
      lead="This is a simulation: nothing in it reaches Twilio or a real phone. Going live is done in the console itself."
    >
      {null}
    </Section>
  ) : (
    <Real />
  )
}

function Real() {
  const { live, problem, retry } = useLive()
  const [skipped, setSkipped] = useState(false)
  const states = live && stepStates(live, skipped)
  return (
    <Section
      id="live"
      title="Go live"
      lead={
        states
          ? `${String(doneCount(states))} of 5 done. Each step can be undone.`
          : 'Five steps, five minutes.'
      }
    >
      {live && <Steps live={live} skipped={skipped} onSkip={setSkipped} />}
      {!live && problem === '' && <Loading label="Reading how it stands">{null}</Loading>}
      {!live && problem !== '' && (
        <NotRead title="How far you are could not be read" problem={problem} onRetry={retry} />
      )}
    </Section>
  )
}

interface StepsProps {
  live: LiveView
  skipped: boolean
  onSkip: (skipped: boolean) => void
}

function Steps({ live, skipped, onSkip }: StepsProps) {
  const console = useConsole()
  const states = stepStates(live, skipped)
  /** A done step that was opened again; `go`: the question whether to stop being live. */
  const [changing, setChanging] = useState<StepId>()
  const isOpen = (step: StepId) =>
    states[step] === 'current' || (states[step] === 'done' && changing === step)
  /** What one step has done may be known only after another was opened: that one stays open. */
  const close = (step: StepId) => () => setChanging((now) => (now === step ? undefined : now))
  const change = (step: StepId, words = 'Change') =>
    states[step] === 'done' && (
      <LinkButton
        aria-expanded={changing === step}
        onClick={() => setChanging(changing === step ? undefined : step)}
      >
        {changing === step ? 'Leave it' : words}
      </LinkButton>
    )
  const fixed = live.account.kept === 'environment'
  const [first] = live.numbers.filter(({ chosen }) => chosen)
  return (
    <>
      <ol className="steps">
        <LiveStep
          at={1}
          title="Connect your Twilio account"
          state={states.account}
          words={
            states.account === 'done'
              ? accountWords(live.account)
              : 'Texts and calls to your number come by Twilio; the account is yours.'
          }
          act={!fixed && change('account')}
        >
          {live.account.state === 'unreached' && <p className="lampc">{live.account.sentence}</p>}
          {isOpen('account') && <LiveAccount live={live} onDone={close('account')} />}
          {!fixed && isOpen('account') && live.account.sid !== null && (
            <LiveForget live={live} onDone={close('account')} />
          )}
        </LiveStep>
        <LiveStep
          at={2}
          title="Choose numbers"
          state={states.numbers}
          words={
            states.numbers === 'done'
              ? chosenWords(live.numbers)
              : 'Which of them come here, and what of each.'
          }
          act={change('numbers')}
        >
          {isOpen('numbers') && <LiveNumbers live={live} onDone={close('numbers')} />}
        </LiveStep>
        <LiveStep
          at={3}
          title="Open a way in"
          state={states.way}
          words={states.way === 'done' ? wayWords(live) : 'An address by which Twilio reaches this computer.'}
          act={change('way')}
        >
          {isOpen('way') && <LiveWay live={live} onDone={close('way')} />}
        </LiveStep>
        <LiveStep
          at={4}
          title="Point the numbers here"
          state={states.go}
          words={
            states.go === 'done'
              ? `What was set before is kept and put back when you leave.${live.live ? '' : ` ${tunnelWords(live.tunnel)}`}`
              : 'From then on what people write arrives here.'
          }
          act={change('go', 'Undo')}
        >
          {states.go === 'current' && <LiveGo live={live} />}
          {states.go === 'done' && changing === 'go' && <LiveLeave onStay={close('go')} />}
          {states.go === 'done' && changing !== 'go' && <LiveTest live={live} />}
        </LiveStep>
        <LiveStep
          at={5}
          title="Send yourself a text"
          state={states.text}
          words={
            live.heard ? (
              <>
                The first text has come.{' '}
                <SessionsLink className="link" console={console}>
                  See it
                </SessionsLink>
              </>
            ) : (
              <>
                Write anything to {first ? <PhoneNumber number={first.number} /> : 'your number'} from your
                own phone. It shows here as soon as{' '}
                {live.tunnel.state === 'up' && live.wanted
                  ? 'it comes'
                  : live.wanted
                    ? 'the way in leads here'
                    : 'you are live'}
                .
              </>
            )
          }
          act={
            states.text === 'current' ? (
              <LinkButton onClick={() => onSkip(true)}>Skip</LinkButton>
            ) : (
              skipped && !live.heard && <LinkButton onClick={() => onSkip(false)}>Undo</LinkButton>
            )
          }
        />
      </ol>
      {live.sandbox && <LiveSandbox sandbox={live.sandbox} />}
    </>
  )
}
