import type { SettingsView } from '../../../../shared/contract.ts'
import { Hours } from './Hours.tsx'
import { Keywords } from './Keywords.tsx'
import { KeptField, KeptText, Line, Section, SwitchLine } from './Parts.tsx'
import { useKeep, useSetting } from './useSettings.ts'
import './answers.css'

/** The automatic answers this console knows of; a key it does not have is not shown. */
export const hasAnswers = ({ values }: SettingsView) =>
  Object.keys(values).some((key) => key.startsWith('replies.'))

export function Answers({ settings: { values } }: { settings: SettingsView }) {
  const enabled = values['replies.enabled']
  const greeting = values['replies.greeting']
  const acknowledgement = values['replies.acknowledgement']
  const limit = values['replies.limit']
  return (
    <Section
      id="answers"
      title="Automatic answers"
      lead="What is said when nobody has answered yet. Such a message is marked as automatic, with the rule that wrote it, and belongs to the same session."
    >
      {typeof enabled === 'boolean' && (
        <SwitchLine
          title="Answer automatically"
          about="Off, nothing below is sent."
          setting="replies.enabled"
          value={enabled}
        />
      )}
      {typeof greeting === 'string' && (
        <TextLine
          setting="replies.greeting"
          title="Greeting"
          about="Said to the first message of a session, unless you wrote before it. Empty: nothing is said."
          value={greeting}
        />
      )}
      {'replies.keywords' in values && <Keywords value={values['replies.keywords']} />}
      {'replies.hours' in values && <Hours value={values['replies.hours']} />}
      {typeof acknowledgement === 'string' && (
        <TextLine
          setting="replies.acknowledgement"
          title="When nothing else fits"
          about="Said where no keyword does. Empty: nothing is said."
          value={acknowledgement}
        />
      )}
      {typeof limit === 'number' && <Limit value={limit} />}
    </Section>
  )
}

interface TextLineProps {
  setting: string
  title: string
  about: string
  value: string
}

function TextLine({ setting, title, about, value }: TextLineProps) {
  const { error, set } = useSetting(setting)
  return (
    <div className="line line--stacked">
      <Line title={title} about={about} error={error} />
      <KeptText label={title} value={value} hint="Nothing is said" onKeep={set} />
    </div>
  )
}

function Limit({ value }: { value: number }) {
  const keep = useKeep()
  return (
    <Line
      title="At most"
      about="Automatic answers in one session within an hour, so that two machines never answer each other for ever."
    >
      <KeptField
        label="Automatic answers an hour"
        hideLabel
        className="set__short"
        maxLength={4}
        value={String(value)}
        onKeep={async (text) =>
          /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= 1000
            ? keep('settings.set', { key: 'replies.limit', value: Number(text) })
            : 'A whole number from 1 to 1,000, such as 30.'
        }
      />
    </Line>
  )
}
