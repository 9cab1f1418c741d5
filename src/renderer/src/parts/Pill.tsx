import type { ReactNode } from 'react'
import './pill.css'

/** A state in one or two words. Never a button. */
export function Pill({
  tone,
  children,
}: {
  tone?: 'lamp' | 'danger' | 'accent' | 'sim'
  children: ReactNode
}) {
  return <span className={`pill ${tone ? `pill--${tone}` : ''}`}>{children}</span>
}

/** How many are unread; nothing when none are. */
export function Count({ of, className = '' }: { of: number; className?: string }) {
  if (of === 0) return null
  return (
    <span className={`count ${className}`}>
      {of > 999 ? '999+' : of}
      <span className="sr"> unread</span>
    </span>
  )
}

export function UnreadDot() {
  return <span className="unread-dot" role="img" aria-label="unread" />
}
