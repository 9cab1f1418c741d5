import type { ReactNode } from 'react'
import { Icon } from '../../parts/Icon.tsx'
import { useApp, useConsole } from '../../state/app.ts'
import type { StepState } from './liveSteps.ts'

interface StepProps {
  at: number
  title: string
  state: StepState
  /** What it did, once it is done; what it is, before. */
  words: ReactNode
  /** Undo, Change or Skip. */
  act?: ReactNode
  /** What is done in it, while it is open. */
  children?: ReactNode
}

export function LiveStep({ at, title, state, words, act, children }: StepProps) {
  return (
    <li className={`step step--${state}`} aria-current={state === 'current' ? 'step' : undefined}>
      <span className="step__n n" aria-hidden="true">
        {state === 'done' ? <Icon name="sent" size={12} /> : at}
      </span>
      <div className="grow">
        <h3>
          {title}
          {state === 'done' && <span className="sr">, done</span>}
        </h3>
        <p className="n">{words}</p>
        {children}
      </div>
      {act}
    </li>
  )
}

/** A page of somebody else's: it opens in the person's own browser. */
export function OutLink({ url, children }: { url: string; children: ReactNode }) {
  const console = useConsole()
  const { transport } = useApp()
  return (
    <a
      className="link"
      href={url}
      target="_blank"
      rel="noopener noreferrer"
      onClick={(event) => {
        if (transport.kind !== 'ipc') return
        event.preventDefault()
        void console.ask('app.open_link', { url }).then((result) => {
          if (!result.ok) console.toasts.fail(result.error.message)
        })
      }}
    >
      {children}
    </a>
  )
}

/** Why the last act was refused. */
export function Refused({ error }: { error: string | undefined }) {
  if (error === undefined) return null
  return (
    <p className="dangerc" role="alert">
      {error}
    </p>
  )
}
