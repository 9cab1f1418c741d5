import type { SettingsView } from '../../../../shared/contract.ts'
import type { LeavingView, LiveView, Warning } from '../../../../shared/live.ts'
import { Button } from '../../parts/Button.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { useConsole } from '../../state/app.ts'
import { useCell } from '../../state/cell.ts'
import { KeptText, SwitchLine } from './Parts.tsx'
import { LiveStepProblems } from './LiveTest.tsx'
import { OutLink, Refused } from './LiveStep.tsx'
import { leavingWords, tunnelWords } from './liveSteps.ts'
import { useLiveAct } from './useLive.ts'
import { useSetting } from './useSettings.ts'

/**
 * The last look before it is real: what will be set, what is to be known, and the first answer. What is pressed while
 * Twilio is asked something else is done after that.
 */
export function LiveGo({ live }: { live: LiveView }) {
  const settings = useCell(useConsole().settings)
  const { busy, error, act } = useLiveAct()
  if (live.leaving) return <LiveLeaving leaving={live.leaving} doing={live.doing} />
  const calls = live.numbers.some(({ chosen, voice }) => chosen && voice === 'here')
  return (
    <div className="step__form">
      <p>
        Twilio is told to bring the {calls ? 'messages and calls' : 'messages'} of the chosen numbers here.
        What they have now is written down first, and put back when you stop being live.
      </p>
      <Warnings warnings={live.warnings} />
      {settings && <FirstAnswer settings={settings} />}
      <LiveStepProblems numbers={live.numbers} />
      {live.wanted && live.tunnel.state !== 'up' && (
        <p role="status">{tunnelWords(live.tunnel)} The numbers are pointed here as soon as it leads here.</p>
      )}
      <Refused error={error} />
      <p className="step__acts">
        <Button look="primary" busy={busy} onClick={() => void act('live.go', {})}>
          {live.wanted ? 'Try again' : 'Go live'}
        </Button>
        {live.doing !== '' && (
          <span className="meta" role="status">
            {live.doing}
          </span>
        )}
      </p>
      {live.wanted && <LiveLeave />}
    </div>
  )
}

export function Warnings({ warnings }: { warnings: readonly Warning[] }) {
  if (warnings.length === 0) return null
  return (
    <ul className="warnings" aria-label="To be known">
      {warnings.map(({ code, sentence, link }) => (
        <li key={code}>
          <Icon name={code === 'overridden' ? 'alert' : 'info'} />
          <span>
            {sentence} {link !== null && <OutLink url={link}>Read more</OutLink>}
          </span>
        </li>
      ))}
    </ul>
  )
}

/** The offer of one automatic answer, with words that can be used as they are. */
function FirstAnswer({ settings: { values } }: { settings: SettingsView }) {
  const { error, set } = useSetting('replies.greeting')
  const enabled = values['replies.enabled']
  const greeting = values['replies.greeting']
  if (typeof enabled !== 'boolean' || typeof greeting !== 'string') return null
  return (
    <div className="first">
      <SwitchLine
        title="Answer the first message by itself"
        about="Whoever writes hears at once that it arrived, and stands under Needs reply until you answer. More under Automatic answers."
        setting="replies.enabled"
        value={enabled}
      />
      {enabled && (
        <KeptText label="First automatic answer" value={greeting} hint="Nothing is said" onKeep={set} />
      )}
      <Refused error={error} />
    </div>
  )
}

/** Some numbers are not put back yet: wait, try now, or go live again knowingly. */
function LiveLeaving({ leaving, doing }: { leaving: LeavingView; doing: string }) {
  const { busy, error, act } = useLiveAct()
  return (
    <div className="step__form">
      <p role="status">{leavingWords(leaving)}</p>
      <Refused error={error} />
      <p className="step__acts">
        <Button look="primary" busy={busy} onClick={() => void act('live.leave', {})}>
          Try now
        </Button>
        <Button busy={busy} onClick={() => void act('live.go', {})}>
          Go live again
        </Button>
        {doing !== '' && <span className="meta">{doing}</span>}
      </p>
    </div>
  )
}

/** The way back, with what it does. */
export function LiveLeave({ onStay }: { onStay?: () => void }) {
  const { busy, error, act } = useLiveAct()
  return (
    <div className="leave">
      <p>
        Your numbers get back what they had before, the way in is closed, and nothing arrives here until you
        go live again. Messages and settings stay.
      </p>
      <Refused error={error} />
      <p className="step__acts">
        <Button busy={busy} onClick={() => void act('live.leave', {})}>
          {busy ? 'Putting the numbers back' : 'Stop being live'}
        </Button>
        {onStay && (
          <Button look="bare" onClick={onStay}>
            Stay live
          </Button>
        )}
      </p>
    </div>
  )
}
