import type { ReactNode } from 'react'
import { useEffect, useRef } from 'react'
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
    const dialog = box.current
    dialog?.showModal()
    return () => dialog?.close()
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
