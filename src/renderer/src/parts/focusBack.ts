import type { RefObject } from 'react'
import { useEffect, useLayoutEffect, useRef } from 'react'

export const isFocusLost = () => document.activeElement === null || document.activeElement === document.body

/**
 * For the button that stands where something is edited: once that is done it gets the focus, unless the person has put
 * that elsewhere. Lost, what they type next would be taken for commands.
 */
export function useFocusBack<T extends HTMLElement>(isEditing: boolean): RefObject<T | null> {
  const button = useRef<T>(null)
  const was = useRef(isEditing)
  useEffect(() => {
    if (was.current && !isEditing && isFocusLost()) button.current?.focus()
    was.current = isEditing
  }, [isEditing])
  return button
}

/** So many frames a change may take from the console's answer to the page. */
const PATIENCE = 120

/** After an act that takes its own button away: the focus goes to what it stood in, as that is drawn by then. */
export async function keepFocusIn(around: () => Element | null, act: Promise<unknown>): Promise<void> {
  const had = document.activeElement
  await act
  for (let frame = 0; frame < PATIENCE && document.activeElement === had; frame += 1) {
    await new Promise((drawn) => requestAnimationFrame(drawn))
  }
  const there = around()
  if (isFocusLost() && there instanceof HTMLElement) there.focus({ preventScroll: true })
}

/** Where one thing takes another's place, such as a session the one before: what had the focus in the one that went. */
let left: string | null = null
const nameOf = (element: Element) => element.getAttribute('aria-label') ?? element.textContent

/** The focus goes on at the same button of what comes next, or at its messages, once that `isReady`. */
export function useFocusCarried(box: RefObject<HTMLElement | null>, isReady: boolean): void {
  useLayoutEffect(
    () => () => {
      const { activeElement: held } = document
      left = held && box.current?.contains(held) ? nameOf(held) : null
    },
    [box],
  )
  useEffect(() => {
    if (!isReady || left === null) return
    const buttons = [...(box.current?.querySelectorAll<HTMLElement>('button:not(:disabled)') ?? [])]
    const next = buttons.find((button) => nameOf(button) === left)
    left = null
    if (isFocusLost())
      (next ?? box.current?.querySelector<HTMLElement>('.log'))?.focus({ preventScroll: true })
  }, [box, isReady])
}
