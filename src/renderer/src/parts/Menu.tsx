import type { KeyboardEvent, ReactNode } from 'react'
import { useEffect, useId, useRef, useState } from 'react'
import { IconButton } from './Button.tsx'
import { Icon, type IconName } from './Icon.tsx'
import './menu.css'

export interface MenuItem {
  words: string
  icon?: IconName
  keys?: string
  onChoose: () => void
}

interface MenuProps {
  label: string
  icon?: IconName
  items: readonly MenuItem[]
  /** Which edge of the button the list hangs from. */
  side?: 'start' | 'end'
  children?: ReactNode
}

/** A button with a list of acts: arrows move, Enter chooses, Esc closes and gives the focus back. */
export function Menu({ label, icon = 'more', items, side = 'end' }: MenuProps) {
  const [open, setOpen] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  const id = useId()

  useEffect(() => {
    if (!open) return
    box.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus()
    const outside = (event: PointerEvent) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) setOpen(false)
    }
    document.addEventListener('pointerdown', outside)
    return () => document.removeEventListener('pointerdown', outside)
  }, [open])

  const close = () => {
    setOpen(false)
    box.current?.querySelector<HTMLElement>('button')?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (!open) return
    const entries = [...(box.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])]
    const at = entries.findIndex((entry) => entry === document.activeElement)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 }[event.key]
    if (event.key === 'Escape' || event.key === 'Tab') close()
    else if (to !== undefined) entries[(to + entries.length) % entries.length]?.focus()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div className="menu" ref={box} onKeyDown={onKeyDown}>
      <IconButton
        icon={icon}
        label={label}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      />
      {open && (
        <ul id={id} className={`menu__list menu__list--${side}`} role="menu" aria-label={label}>
          {items.map((item) => (
            <li key={item.words} role="none">
              <button
                type="button"
                role="menuitem"
                tabIndex={-1}
                onClick={() => {
                  close()
                  item.onChoose()
                }}
              >
                {item.icon && <Icon name={item.icon} />}
                <span className="grow">{item.words}</span>
                {item.keys && <kbd>{item.keys}</kbd>}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
