import { useCallback, useEffect, useState } from 'react'
import type { AppView, RequestInput, Result, SettingsView } from '../../../../shared/contract.ts'
import { Switch } from '../../parts/Field.tsx'
import { Segments } from '../../parts/Segments.tsx'
import { useConsole } from '../../state/app.ts'
import { Line, Section, SwitchLine } from './Parts.tsx'

const AWAKE = 'power.keep_awake'

const CLOSING = [
  { value: 'ask', words: 'Ask' },
  { value: 'tray', words: 'Go on in the tray' },
  { value: 'quit', words: 'Quit' },
] as const satisfies readonly { value: AppView['close_to_tray']; words: string }[]

const MEANS: Readonly<Record<AppView['close_to_tray'], string>> = {
  ask: 'The next time you close it, you are asked.',
  tray: 'Messages go on arriving, and the tray brings the window back.',
  quit: 'Nothing arrives until Switchboard is started again.',
}

/** What concerns this computer and not the business: kept beside the app, not with the messages. */
export function ThisComputer({ settings: { values } }: { settings: SettingsView }) {
  const console = useConsole()
  const [view, setView] = useState<AppView | null>(null)
  const take = useCallback(
    (result: Result<AppView>) => {
      if (result.ok) setView(result.value)
      else console.toasts.fail(result.error.message)
    },
    [console],
  )
  useEffect(() => void console.ask('app.get', {}).then(take), [console, take])
  const set = async (input: RequestInput<'app.set'>) => {
    const result = await console.ask('app.set', input)
    if (!result.ok) console.toasts.fail(result.error.message)
    take(await console.ask('app.get', {}))
  }
  return (
    <Section id="computer" title="This computer">
      {view && (
        <Line
          title="Start with the computer"
          about={
            view.login_item === null
              ? 'This system keeps its own list: add Switchboard to the programs your desktop starts, in its settings.'
              : 'Switchboard starts in the tray when you sign in.'
          }
        >
          {view.login_item !== null && (
            <Switch
              label="Start with the computer"
              hideLabel
              checked={view.login_item}
              onChange={(value) => void set({ key: 'login_item', value })}
            />
          )}
        </Line>
      )}
      {view && (
        <Line title="Closing the window" about={MEANS[view.close_to_tray]}>
          <Segments
            label="Closing the window"
            value={view.close_to_tray}
            choices={CLOSING}
            onChange={(value) => void set({ key: 'close_to_tray', value })}
          />
        </Line>
      )}
      {typeof values[AWAKE] === 'boolean' && (
        <SwitchLine
          title="Keep the computer awake"
          about="While it is live and on mains power, so that messages arrive at once. The screen may still go dark."
          setting={AWAKE}
          value={values[AWAKE]}
        />
      )}
      {view && (
        <Line
          title="Console in the browser"
          about={
            view.browser_console_url === null
              ? 'Off. On, the same console opens in a browser on this computer, for whoever has its address.'
              : 'Copy this address into a browser on this computer. It lets in whoever has it.'
          }
        >
          {view.browser_console_url !== null && (
            <input
              className="field field--address"
              aria-label="Address of the console in the browser"
              readOnly
              value={view.browser_console_url}
              onFocus={(event) => event.target.select()}
            />
          )}
          <Switch
            label="Console in the browser"
            hideLabel
            checked={view.browser_console}
            onChange={(value) => void set({ key: 'browser_console', value })}
          />
        </Line>
      )}
    </Section>
  )
}
