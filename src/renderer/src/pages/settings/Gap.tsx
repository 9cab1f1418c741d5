import type { SettingsView } from '../../../../shared/contract.ts'
import { CommandLine } from './CommandLine.tsx'
import { GapTable } from './GapTable.tsx'
import { OwnGap, Presets } from './Presets.tsx'
import { Section } from './Parts.tsx'
import { gapWords, generalGap } from './gaps.ts'

/** After how long a silence a new session begins: in general, and for a channel or medium of its own. */
export function Gap({ settings }: { settings: SettingsView }) {
  const gap = generalGap(settings)
  const words = gapWords(gap)
  return (
    <Section
      id="gap"
      title="Session gap"
      lead={`A silence longer than the gap starts a new session. The gap is ${words} now: after exactly ${words} of silence the session still goes on, after any more a new one begins.`}
    >
      <h3 className="set__h">In general</h3>
      <Presets current={gap} />
      <OwnGap current={gap} />
      <h3 className="set__h">Where it is different</h3>
      <p className="set__p">
        A channel or a medium may have a gap of its own; the most exact one counts. Grey follows.
      </p>
      <GapTable settings={settings} />
      <h3 className="set__h">What a change does</h3>
      <ul className="set__notes">
        <li>
          It counts from now on. Sessions you have stay as they are; a channel that has no messages yet takes
          it from the beginning.
        </li>
        <li>
          To group your history anew: <CommandLine words="regroup --gap 10m --dry-run" /> says what would
          change, without <code>--dry-run</code> it is done.
        </li>
        <li>Too many sessions: take a longer gap, 10 min instead of 5.</li>
        <li>Different matters in one session: take a shorter gap, 2 min instead of 5.</li>
        <li>
          A session did not go on as you expected: the line above its first message says how long the silence
          was and which gap was in force. Another number, another medium or another of your channels is always
          a session of its own.
        </li>
      </ul>
    </Section>
  )
}
