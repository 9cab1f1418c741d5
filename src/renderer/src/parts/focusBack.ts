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

/** Where one session takes another's place: what had the focus in the one that went, and whose session it was. */
let left: { id: string; name: string | null; contact: string } | null = null
const nameOf = (element: Element) => element.getAttribute('aria-label') ?? element.textContent

/**
 * For what is drawn anew with each session: the focus goes on at the same button of the next one, where a message was
 * being written to the same contact in the box for that, and else at the messages. What was being written to one contact
 * never goes on to another.
 */
export function useFocusCarried(contact: string): void {
  useLayoutEffect(
    () => () => {
      const { activeElement: held } = document
      left = held?.closest('#chat') ? { id: held.id, name: nameOf(held), contact } : null
    },
    [contact],
  )
  useEffect(() => {
    const before = left
    left = null
    if (before === null || !isFocusLost()) return
    const there = document.getElementById('chat')
    const buttons = [...(there?.querySelectorAll<HTMLElement>('button:not(:disabled)') ?? [])]
    const next =
      before.id === 'composer' && before.contact === contact
        ? document.getElementById('composer')
        : buttons.find((button) => nameOf(button) === before.name)
    ;(next ?? there?.querySelector<HTMLElement>('.log'))?.focus({ preventScroll: true })
  }, [contact])
}
