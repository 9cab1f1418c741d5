import type { ReactNode } from 'react'
import { useEffect, useRef } from 'react'
import { isFocusLost } from './focusBack.ts'
import './dialog.css'

interface DialogProps {
  label: string
  onClose: () => void
  className?: string
  children: ReactNode
}

/** A modal box: the focus goes in, Esc or a press beside it closes it, the focus goes back. */
export function Dialog({ label, onClose, className = '', children }: DialogProps) {
  const box = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const from = document.activeElement
    box.current?.showModal()
    // Gone from the page it is closed, but gives nothing back by itself; what it led to may have the focus by now.
    return () => {
      if (isFocusLost() && from instanceof HTMLElement) from.focus()
    }
  }, [])
  return (
    <dialog
      ref={box}
      className={`dialog ${className}`}
      aria-label={label}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose()
      }}
    >
      <div className="dialog__in">{children}</div>
    </dialog>
  )
}
