import { useEffect } from 'react'
import type { App } from '../state/app.ts'
import { withNeighbour } from '../state/opened.ts'
import { route } from '../state/route.ts'
import { turnTo } from '../state/visit.ts'

/** True where a plain letter is something being written, or meant to be. */
export function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.matches('input:not([type=checkbox]), textarea, select, [data-writing]'))
  )
}

/** A modal box has the keyboard to itself. */
const isModal = () => document.querySelector('dialog[open]') !== null

/** A plain letter pressed where nothing is being written and no box is open. */
export const isFree = (event: KeyboardEvent) =>
  !event.ctrlKey && !event.metaKey && !event.altKey && !isWriting(event.target) && !isModal()

/** Where nothing else that has the focus makes use of the arrows, as on arrival. */
const usesNoArrows = (target: EventTarget | null) =>
  target instanceof Element && target.matches('body, #main, .rail a')

/**
 * J and K go along a list from wherever the focus is, unless something is being written; with `arrows` the arrows too,
 * where nothing else uses them. `step`: one on or one back.
 */
export function useListKeys(step: (by: 1 | -1) => void, { arrows = false } = {}): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const by = ({ j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 } as const)[event.key]
      const isArrow = event.key.startsWith('Arrow')
      if (by === undefined || !isFree(event) || (isArrow && !(arrows && usesNoArrows(event.target)))) return
      event.preventDefault()
      step(by)
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  })
}

/** Keys that hold on every page. Those of the list and the transcript are theirs. */
export function useGlobalKeys(app: App, show: (overlay: 'palette' | 'shortcuts' | null) => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const command = event.ctrlKey || event.metaKey
      const key = event.key.toLowerCase()
      if (command && key === 'k') show('palette')
      else if (isModal()) return
      else if (event.key === '?' && !isWriting(event.target)) show('shortcuts')
      else if (command && key === 'z' && !event.shiftKey && !isWriting(event.target)) {
        if (!app.toasts.undo()) return
      } else if (isNextTab(event) && route.get().page === 'sessions') {
        const console = app.consoles[app.world.get()]
        const step = event.shiftKey || event.key === 'PageUp' ? -1 : 1
        const next = withNeighbour(console.opened.get(), step).current
        if (next !== null) turnTo(console, next)
      } else {
        const step = stepOf(event)
        if (step === 0) return
        history.go(step)
      }
      event.preventDefault()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [app, show])
}

/** Alt ← and →, on a Mac ⌘[ and ]: a browser has them itself, the desktop app has nothing else that goes back. */
function stepOf(event: KeyboardEvent): -1 | 0 | 1 {
  if (!window.switchboard || event.ctrlKey || event.shiftKey) return 0
  const isMac = navigator.userAgent.includes('Mac')
  if (isMac ? event.altKey || !event.metaKey : event.metaKey || !event.altKey) return 0
  if (event.key === (isMac ? '[' : 'ArrowLeft')) return -1
  return event.key === (isMac ? ']' : 'ArrowRight') ? 1 : 0
}

/** Ctrl Tab; a browser keeps that for itself, so Ctrl PageDown and PageUp do the same. */
function isNextTab(event: KeyboardEvent): boolean {
  return event.ctrlKey && ['Tab', 'PageDown', 'PageUp'].includes(event.key)
}
