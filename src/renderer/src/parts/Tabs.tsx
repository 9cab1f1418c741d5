import type { KeyboardEvent, ReactNode } from 'react'
import { figure, shortFigure } from '../words.ts'
import './tabs.css'

interface TabsProps<T extends string> {
  label: string
  value: T
  tabs: readonly { value: T; words: ReactNode; count?: number }[]
  onChange: (value: T) => void
  /** Id of the element whose content the tabs choose. */
  controls: string
}

/** Tabs with counts; arrow keys move between them. */
export function Tabs<T extends string>({ label, value, tabs, onChange, controls }: TabsProps<T>) {
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (step === 0) return
    event.preventDefault()
    const at = tabs.findIndex((tab) => tab.value === value)
    const next = tabs[(at + step + tabs.length) % tabs.length]
    if (!next) return
    onChange(next.value)
    event.currentTarget.querySelector<HTMLElement>(`[data-tab="${next.value}"]`)?.focus()
  }
  return (
    <div className="tabs" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
      {tabs.map((tab) => (
        <button
          key={tab.value}
          type="button"
          role="tab"
          data-tab={tab.value}
          aria-selected={tab.value === value}
          aria-controls={controls}
          tabIndex={tab.value === value ? 0 : -1}
          onClick={() => onChange(tab.value)}
        >
          {tab.words}
          {tab.count !== undefined && (
            <span className="n" title={figure(tab.count)}>
              {shortFigure(tab.count)}
            </span>
          )}
        </button>
      ))}
    </div>
  )
}
