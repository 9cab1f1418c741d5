import type { ReactNode } from 'react'
import { useState } from 'react'
import { Field, Switch } from '../../parts/Field.tsx'
import { useSetting } from './useSettings.ts'

interface SectionProps {
  id: string
  title: string
  lead?: ReactNode
  children?: ReactNode
}

export function Section({ id, title, lead, children }: SectionProps) {
  return (
    <section className="set__sec" id={`set-${id}`} aria-labelledby={`set-${id}-h`} tabIndex={-1}>
      <h2 id={`set-${id}-h`}>{title}</h2>
      {lead !== undefined && <p className="lead">{lead}</p>}
      {children}
    </section>
  )
}

interface LineProps {
  title: string
  about?: ReactNode
  error?: string | undefined
  children?: ReactNode
}

/** One thing to set: what it is on the left, what sets it on the right. */
export function Line({ title, about, error, children }: LineProps) {
  return (
    <div className="line">
      <div className="line__words">
        <h3>{title}</h3>
        {about !== undefined && <p>{about}</p>}
        {error && (
          <p className="dangerc" role="alert">
            {error}
          </p>
        )}
      </div>
      {children !== undefined && <div className="line__control">{children}</div>}
    </div>
  )
}

interface SwitchLineProps {
  title: string
  about: ReactNode
  setting: string
  value: boolean
}

/** A setting that is on or off. */
export function SwitchLine({ title, about, setting, value }: SwitchLineProps) {
  const { error, set } = useSetting(setting)
  return (
    <Line title={title} about={about} error={error}>
      <Switch label={title} hideLabel checked={value} onChange={(on) => void set(on)} />
    </Line>
  )
}

interface KeptFieldProps {
  label: string
  hideLabel?: boolean
  value: string
  hint?: string
  placeholder?: string
  maxLength?: number
  className?: string
  /** Answers with why it was refused; null when it was kept. */
  onKeep: (text: string) => Promise<string | null>
}

/** A field kept when it is left or Enter is pressed; Esc goes back to what was. */
export function KeptField({ value, onKeep, hint, ...rest }: KeptFieldProps) {
  const [text, setText] = useState<string | null>(null)
  const [error, setError] = useState<string>()
  const keep = async () => {
    if (text === null || text.trim() === value) {
      setText(null)
      setError(undefined)
      return
    }
    const wrong = await onKeep(text.trim())
    setError(wrong ?? undefined)
    if (wrong === null) setText(null)
  }
  return (
    <Field
      {...rest}
      {...(hint === undefined ? {} : { hint })}
      error={error}
      dir="auto"
      value={text ?? value}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => void keep()}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return
        if (event.key === 'Enter') void keep()
        if (event.key !== 'Escape') return
        setText(null)
        setError(undefined)
      }}
    />
  )
}

interface KeptTextProps {
  label: string
  value: string
  hint: string
  /** `from`: what the text was when it began to be changed, or when that was last refused. */
  onKeep: (text: string, from: string) => Promise<boolean>
}

/** Some lines of text, kept when the field is left. */
export function KeptText({ label, value, hint, onKeep }: KeptTextProps) {
  const [edit, setEdit] = useState<{ text: string; from: string } | null>(null)
  const keep = async () => {
    if (edit === null) return
    const text = edit.text.trim()
    if (text === value || (await onKeep(text, edit.from))) setEdit(null)
    else setEdit((now) => now && { ...now, from: value })
  }
  return (
    <div className="kept">
      <textarea
        className="field"
        aria-label={label}
        rows={3}
        maxLength={1600}
        dir="auto"
        placeholder={hint}
        value={edit?.text ?? value}
        onChange={(event) => setEdit({ from: value, ...edit, text: event.target.value })}
        onBlur={() => void keep()}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setEdit(null)
          else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void keep()
        }}
      />
    </div>
  )
}
