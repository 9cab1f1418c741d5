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

/** `from`: what the text was when it began to be changed; null until the next drawing where that was refused or kept. */
interface Edit {
  text: string
  from: string | null
}

/**
 * What is typed into something that is kept when it is left. Kept once, however often that is asked for meanwhile; what
 * is typed on stays. `onKeep` answers whether it was kept.
 */
function useEdit(value: string, onKeep: (text: string, from: string) => Promise<boolean>) {
  const [edit, setEdit] = useState<Edit | null>(null)
  const [isKeeping, setKeeping] = useState(false)
  if (edit?.from === null) setEdit({ ...edit, from: value })
  const keep = async () => {
    if (edit === null || isKeeping) return
    const text = edit.text.trim()
    if (text === value) return setEdit(null)
    setKeeping(true)
    const isKept = await onKeep(text, edit.from ?? value)
    setKeeping(false)
    setEdit((now) => (now === null || (isKept && now.text === edit.text) ? null : { ...now, from: null }))
  }
  return {
    text: edit?.text ?? value,
    change: (text: string) => setEdit({ from: value, ...edit, text }),
    keep: () => void keep(),
    drop: () => setEdit(null),
  }
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
  const [error, setError] = useState<string>()
  const { text, change, keep, drop } = useEdit(value, async (text) => {
    const wrong = await onKeep(text)
    setError(wrong ?? undefined)
    return wrong === null
  })
  const leave = () => {
    if (text.trim() === value) setError(undefined)
    keep()
  }
  return (
    <Field
      {...rest}
      {...(hint === undefined ? {} : { hint })}
      error={error}
      dir="auto"
      value={text}
      onChange={(event) => change(event.target.value)}
      onBlur={leave}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return
        if (event.key === 'Enter') leave()
        if (event.key !== 'Escape') return
        drop()
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
  const { text, change, keep, drop } = useEdit(value, onKeep)
  return (
    <div className="kept">
      <textarea
        className="field"
        aria-label={label}
        rows={3}
        maxLength={1600}
        dir="auto"
        placeholder={hint}
        value={text}
        onChange={(event) => change(event.target.value)}
        onBlur={keep}
        onKeyDown={(event) => {
          if (event.key === 'Escape') drop()
          else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) keep()
        }}
      />
    </div>
  )
}
