import type { SettingsView } from '../../../../shared/contract.ts'
import { Section, SwitchLine } from './Parts.tsx'

const LINES = [
  {
    key: 'privacy.log_numbers',
    title: 'Numbers in the log',
    about: 'Off, the log shows +1••••••890 in place of a number.',
  },
  {
    key: 'privacy.log_bodies',
    title: 'Messages in the log',
    about: 'Off, the log shows how long a message was in place of its words.',
  },
] as const

export const hasPrivacy = ({ values }: SettingsView) =>
  LINES.some(({ key }) => typeof values[key] === 'boolean')

/** What the log may say. What is stored is not touched by it. */
export function Privacy({ settings: { values } }: { settings: SettingsView }) {
  return (
    <Section
      id="privacy"
      title="Privacy"
      lead="Messages are kept on this computer only. The log is a file beside them; this is what it may say, from now on."
    >
      {LINES.map(({ key, title, about }) => {
        const value = values[key]
        return typeof value === 'boolean' ? (
          <SwitchLine key={key} title={title} about={about} setting={key} value={value} />
        ) : null
      })}
    </Section>
  )
}
