import type { ReactNode } from 'react'
import { useEffect, useState } from 'react'
import './empty.css'

interface EmptyProps {
  title: string
  children: ReactNode
  /** The next thing to do. */
  action?: ReactNode
}

/** What would be here, and the next thing to do. */
export function Empty({ title, children, action }: EmptyProps) {
  return (
    <div className="empty">
      <h2 className="h3">{title}</h2>
      <p>{children}</p>
      {action}
    </div>
  )
}

/** Shows its children after 200 ms only: what is quick must not flash. */
export function Loading({ label, children }: { label: string; children: ReactNode }) {
  const [shown, setShown] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 200)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div aria-busy="true">
      <span className="sr" role="status">
        {label}
      </span>
      {shown && children}
    </div>
  )
}
