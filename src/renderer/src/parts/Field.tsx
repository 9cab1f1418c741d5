import type { InputHTMLAttributes, ReactNode, SelectHTMLAttributes } from 'react'
import { useId } from 'react'
import './field.css'

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  label: string
  /** Kept for screen readers only, where what stands around it says the same. */
  hideLabel?: boolean
  hint?: ReactNode
  /** What is wrong, in words. */
  error?: string | undefined
}

export function Field({ label, hideLabel, hint, error, className = '', ...rest }: FieldProps) {
  const id = useId()
  const about = hint !== undefined || error !== undefined ? `${id}-about` : undefined
  return (
    <div className={`labelled ${className}`}>
      <label htmlFor={id} className={hideLabel ? 'sr' : 'label'}>
        {label}
      </label>
      <input
        id={id}
        className="field"
        aria-describedby={about}
        aria-invalid={error ? true : undefined}
        {...rest}
      />
      {about && (
        <p id={about} className={error ? 'meta dangerc' : 'meta'} role={error ? 'alert' : undefined}>
          {error ?? hint}
        </p>
      )}
    </div>
  )
}

interface SelectProps extends SelectHTMLAttributes<HTMLSelectElement> {
  label: string
  hideLabel?: boolean
}

export function Select({ label, hideLabel, children, className = '', ...rest }: SelectProps) {
  const id = useId()
  return (
    <div className={`labelled ${className}`}>
      <label htmlFor={id} className={hideLabel ? 'sr' : 'label'}>
        {label}
      </label>
      <select id={id} className="field" {...rest}>
        {children}
      </select>
    </div>
  )
}

interface SwitchProps {
  label: string
  hideLabel?: boolean
  checked: boolean
  onChange: (checked: boolean) => void
  disabled?: boolean
}

export function Switch({ label, hideLabel, checked, onChange, disabled }: SwitchProps) {
  return (
    <button
      type="button"
      className="switch"
      role="switch"
      aria-checked={checked}
      disabled={disabled}
      onClick={() => onChange(!checked)}
    >
      <span className="switch__track" />
      <span className={hideLabel ? 'sr' : ''}>{label}</span>
    </button>
  )
}
