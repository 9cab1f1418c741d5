import type { Miss } from '../../../../shared/contract.ts'
import { Button, LinkButton } from '../../parts/Button.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { useConsole } from '../../state/app.ts'
import { useCell } from '../../state/cell.ts'
import { duration, MEDIUM_NAMES, plural } from '../../words.ts'
import { type Outcome, play, played, type ScenarioName } from './played.ts'

const SCENARIOS: readonly { name: ScenarioName; title: string; makes: string }[] = [
  { name: 'within', title: 'Three texts within 5 minutes', makes: 'One session, 6 messages' },
  { name: 'after', title: 'A text, 6 minutes, a text', makes: 'Two sessions of 2 messages' },
  { name: 'two_phones', title: 'Two phones at once', makes: 'Two sessions, one a phone' },
  { name: 'voicemail', title: 'A call and a voicemail', makes: 'One voice session, played and written out' },
  { name: 'window_closed', title: 'WhatsApp after 25 hours', makes: 'Only templates may be sent' },
  { name: 'stop', title: 'STOP, then a text from you', makes: 'Nothing is sent, and the composer says why' },
  {
    name: 'busy_morning',
    title: 'A busy morning',
    makes: 'Several phones over all three media, to look around in',
  },
]

/** The brief's scenarios, each at a press. They move the clock as they need it. */
export function Scenarios() {
  const console = useConsole()
  const { running, outcomes } = useCell(played)
  const playAll = () => play(console, ...SCENARIOS.map(({ name }) => name))
  return (
    <section aria-labelledby="sim-scenarios">
      <div className="sim__h">
        <h2 className="h3" id="sim-scenarios">
          Scenarios
        </h2>
        <LinkButton
          aria-disabled={running !== null || undefined}
          onClick={() => running === null && void playAll()}
        >
          Run all
        </LinkButton>
      </div>
      <p className="meta">
        Each begins an hour after what was said before, and moves the clock as it needs. A phone that said
        STOP says START first.
      </p>
      <ol>
        {SCENARIOS.map(({ name, title, makes }) => {
          const word = running === name ? 'Running' : outcomes[name] ? 'Again' : 'Run'
          return (
            <li key={name} className="scenario">
              <div className="grow">
                <h3>{title}</h3>
                <p className="meta n">{makes}</p>
                <Came outcome={outcomes[name]} />
              </div>
              <Button
                busy={running !== null}
                aria-label={`${word}: ${title}`}
                onClick={() => void play(console, name)}
              >
                {word}
              </Button>
            </li>
          )
        })}
      </ol>
    </section>
  )
}

function Came({ outcome }: { outcome: Outcome | undefined }) {
  if (!outcome) return null
  if ('problem' in outcome)
    return (
      <p className="meta dangerc" role="alert">
        {outcome.problem}
      </p>
    )
  const { at, made } = outcome
  if (made.as_expected === false)
    return (
      <p className="meta lampc n">
        made {plural(made.sessions, 'session')} of {plural(made.messages, 'message')}
        {made.misses.length > 0 && `: ${made.misses.map(missWords).join(', and ')}`}
      </p>
    )
  return (
    <p className="meta scenario__done n">
      <Icon name="sent" size={12} />
      {made.as_expected ? `as expected, ${at}` : `${plural(made.sessions, 'session')}, ${at}`}
    </p>
  )
}

/** What was changed, so that it came out otherwise. */
function missWords(miss: Miss): string {
  switch (miss.code) {
    case 'gap':
      return `the ${MEDIUM_NAMES[miss.medium]} gap is ${duration(miss.gap_ms)}`
    case 'answers_off':
      return 'the automatic answers are off'
    case 'answers_changed':
      return 'the automatic answers were changed'
    case 'disturbed':
      return 'something else was written or called meanwhile'
  }
}
