import type { ReactNode } from 'react'
import './field.css'

interface SegmentsProps<T extends string> {
  label: string
  value: T
  choices: readonly { value: T; words: ReactNode }[]
  onChange: (value: T) => void
}

/** Choose one of a few, all in sight. */
export function Segments<T extends string>({ label, value, choices, onChange }: SegmentsProps<T>) {
  return (
    <div className="seg" role="group" aria-label={label}>
      {choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          aria-pressed={choice.value === value}
          onClick={() => onChange(choice.value)}
        >
          {choice.words}
        </button>
      ))}
    </div>
  )
}
