import { useEffect, useRef } from 'react'
import { useCell } from '../state/cell.ts'
import type { Toast, Toasts as ToastsState } from '../state/toasts.ts'
import { Button, IconButton } from './Button.tsx'
import { keepFocusIn } from './focusBack.ts'
import { Icon } from './Icon.tsx'
import './toasts.css'

/** How long a toast stays, ms; the pointer over it or the focus in it keeps it. */
const STAYS = 8000
/** With a way back it takes a thought, and for some a long way to the button. */
const STAYS_WITH_UNDO = 15_000

interface ToastBoxProps {
  toast: Toast
  toasts: ToastsState
  /** Ctrl Z undoes this one. */
  isNext: boolean
}

function ToastBox({ toast, toasts, isNext }: ToastBoxProps) {
  const box = useRef<HTMLDivElement>(null)
  /** What had the focus before it came in here. */
  const from = useRef<Element | null>(null)
  const drop = () => {
    toasts.drop(toast.id)
    const back = () => (from.current?.isConnected ? from.current : document.getElementById('main'))
    void keepFocusIn(back, Promise.resolve())
  }
  const stays = toast.undo ? STAYS_WITH_UNDO : STAYS
  useEffect(() => {
    const timer = setInterval(() => {
      if (!box.current?.matches(':hover, :focus-within')) toasts.drop(toast.id)
    }, stays)
    return () => clearInterval(timer)
  }, [stays, toast.id, toasts])
  return (
    <div
      className="toast"
      ref={box}
      onFocus={({ relatedTarget }) => {
        if (relatedTarget && !box.current?.contains(relatedTarget)) from.current = relatedTarget
      }}
    >
      {toast.tone === 'failed' && <Icon name="alert" className="dangerc" />}
      <div className="toast__said">
        <span className="toast__words">{toast.words}</span>
        {toast.undo && (
          <span className="toast__acts">
            <Button
              once
              look="bare"
              icon="undo"
              onClick={() => {
                toast.undo?.()
                drop()
              }}
            >
              Undo
            </Button>
            {isNext && <kbd className="not-narrow">Ctrl Z</kbd>}
          </span>
        )}
      </div>
      <IconButton icon="x" size={12} label="Dismiss" onClick={drop} />
    </div>
  )
}

/** Where toasts appear: one place, at the foot of the page. */
export function Toasts({ toasts }: { toasts: ToastsState }) {
  const shown = useCell(toasts.shown)
  const next = shown.findLast(({ undo }) => undo !== null)
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map((toast) => (
        <ToastBox key={toast.id} toast={toast} toasts={toasts} isNext={toast === next} />
      ))}
    </div>
  )
}
