import type { SettingsView } from '../../../../shared/contract.ts'
import { Switch } from '../../parts/Field.tsx'
import { useApp } from '../../state/app.ts'
import { KeptField, Line, Section, SwitchLine } from './Parts.tsx'
import { useSetting } from './useSettings.ts'

const ENABLED = 'notifications.enabled'
const QUIET = 'notifications.quiet_hours'
const USUAL = '22:00-07:00'

const LINES = [
  {
    key: 'notifications.preview',
    title: 'Show what was written',
    about: 'Off, a notification says who wrote and not what.',
  },
  { key: 'notifications.sound', title: 'Sound', about: 'The system’s own, with each notification.' },
] as const

export const hasNotifications = ({ values }: SettingsView) => typeof values[ENABLED] === 'boolean'

/** When and how the desktop app says that somebody wrote. One session is muted from its own menu. */
export function Notifications({ settings: { values } }: { settings: SettingsView }) {
  const { transport } = useApp()
  const enabled = values[ENABLED] === true
  const quiet = values[QUIET]
  if (transport.kind === 'websocket')
    return (
      <Section
        id="notifications"
        title="Notifications"
        lead="Only the desktop app shows notifications, and they are set there. In the browser, this tab’s title says how many sessions are unread."
      />
    )
  return (
    <Section
      id="notifications"
      title="Notifications"
      lead="Shown when a contact writes and you are looking elsewhere. One session can be muted from its own menu."
    >
      <SwitchLine
        title="Notify me"
        about="A press on a notification opens its session."
        setting={ENABLED}
        value={enabled}
      />
      {enabled &&
        LINES.map(({ key, title, about }) => (
          <SwitchLine key={key} title={title} about={about} setting={key} value={values[key] === true} />
        ))}
      {enabled && <QuietHours value={typeof quiet === 'string' ? quiet : ''} />}
    </Section>
  )
}

function QuietHours({ value }: { value: string }) {
  const { error, set } = useSetting(QUIET)
  const [from = '', to = ''] = value.split('-')
  const keep = async (hours: string): Promise<string | null> =>
    (await set(hours)) ? null : 'A time of day, such as 22:00.'
  return (
    <>
      <Line
        title="Quiet hours"
        about={
          value === ''
            ? 'Off, every hour of the day is notified.'
            : `From ${from} to ${to} of this computer’s time nothing is shown or heard; messages arrive as ever.`
        }
        error={value === '' ? error : undefined}
      >
        {value !== '' && (
          <>
            <KeptField
              label="Quiet from"
              hideLabel
              className="field--time"
              maxLength={5}
              value={from}
              onKeep={(text) => keep(`${text}-${to}`)}
            />
            <KeptField
              label="Quiet until"
              hideLabel
              className="field--time"
              maxLength={5}
              value={to}
              onKeep={(text) => keep(`${from}-${text}`)}
            />
          </>
        )}
        <Switch
          label="Quiet hours"
          hideLabel
          checked={value !== ''}
          onChange={(on) => void set(on ? USUAL : '')}
        />
      </Line>
    </>
  )
}
