import { useSyncExternalStore } from 'react'
import { Button } from '../../parts/Button.tsx'
import { Segments } from '../../parts/Segments.tsx'
import { useApp, useConsole } from '../../state/app.ts'
import { useCell } from '../../state/cell.ts'
import { theme, type Theme } from '../../state/theme.ts'
import { Line, Section } from './Parts.tsx'

const THEMES = [
  { value: 'system', words: 'As the system' },
  { value: 'light', words: 'Light' },
  { value: 'dark', words: 'Dark' },
] as const satisfies readonly { value: Theme; words: string }[]

export function Appearance() {
  const { transport } = useApp()
  const console = useConsole()
  const chosen = useCell(theme)
  const isDesktop = transport.kind === 'ipc'
  const choose = (value: Theme) => {
    const before = chosen
    if (value === before) return
    show(value)
    console.toasts.say(`The theme is ${value === 'system' ? 'the system’s' : value} now`, () => show(before))
  }
  const show = (value: Theme) => {
    theme.set(value)
    // The window's own frame and menus follow.
    if (isDesktop) void console.ask('app.set', { key: 'theme', value })
  }
  return (
    <Section id="appearance" title="Appearance">
      <Line title="Theme" about="Light and dark, or whichever the system has at the moment.">
        <Segments label="Theme" value={chosen} choices={THEMES} onChange={choose} />
      </Line>
      {isDesktop ? (
        <TextSize />
      ) : (
        <Line
          title="Text size"
          about="The browser’s own zoom sets it: Ctrl and + or −, ⌘ on a Mac. Ctrl and 0 goes back."
        />
      )}
    </Section>
  )
}

const SIZES = [0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2] as const

const onResize = (listener: () => void) => {
  addEventListener('resize', listener)
  return () => removeEventListener('resize', listener)
}
/** Which of the sizes is in force: the menu sets it as well, so the window itself is asked. */
function sizeNow(): number {
  const measured = window.outerWidth / window.innerWidth
  return SIZES.reduce(
    (best, size) => (Math.abs(size - measured) < Math.abs(best - measured) ? size : best),
    1,
  )
}

function TextSize() {
  const console = useConsole()
  const size = useSyncExternalStore(onResize, sizeNow)
  const at = SIZES.findIndex((one) => one === size)
  const set = (to: number | undefined) => {
    if (to === undefined) return
    void console.ask('app.set', { key: 'zoom', value: to }).then((result) => {
      if (!result.ok) console.toasts.fail(result.error.message)
    })
  }
  return (
    <Line title="Text size" about={`Everything is shown at ${Math.round(size * 100)} % now.`}>
      <Button disabled={at <= 0} onClick={() => set(SIZES[at - 1])}>
        Smaller
      </Button>
      <Button disabled={size === 1} onClick={() => set(1)}>
        Actual size
      </Button>
      <Button disabled={at >= SIZES.length - 1} onClick={() => set(SIZES[at + 1])}>
        Larger
      </Button>
    </Line>
  )
}
