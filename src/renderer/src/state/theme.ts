import { Cell } from './cell.ts'
import { keptHere } from './kept.ts'

export type Theme = 'system' | 'light' | 'dark'
const NAME = 'switchboard/theme'

const kept = keptHere.get(NAME)
export const theme = new Cell<Theme>(kept === 'light' || kept === 'dark' ? kept : 'system')

/** Puts the theme on the page, now and whenever it is changed. */
export function startTheme(): void {
  const show = () => {
    const chosen = theme.get()
    if (chosen === 'system') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = chosen
    keptHere.set(NAME, chosen)
  }
  theme.subscribe(show)
  show()
}

/** From light to dark and back, starting from what is on the screen. */
export function switchTheme(): void {
  const chosen = theme.get()
  const dark = chosen === 'system' ? matchMedia('(prefers-color-scheme: dark)').matches : chosen === 'dark'
  theme.set(dark ? 'light' : 'dark')
}
