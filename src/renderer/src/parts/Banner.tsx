import type { ReactNode } from 'react'
import { Icon, type IconName } from './Icon.tsx'
import './banner.css'

interface BannerProps {
  tone?: 'notice' | 'lamp' | 'danger' | 'sim'
  icon: IconName
  children: ReactNode
  /** The one act. */
  action?: ReactNode
}

/** A state that lasts. What a person just did is a toast instead. */
export function Banner({ tone = 'notice', icon, children, action }: BannerProps) {
  return (
    <div className={`banner banner--${tone}`} role={tone === 'danger' ? 'alert' : 'status'}>
      <Icon name={icon} />
      <p>{children}</p>
      {action}
    </div>
  )
}

/** What the banner of a simulation says; on a narrow page it must not take the room of what is simulated. */
export function SimulationWords() {
  return (
    <>
      <strong>Simulation.</strong>{' '}
      <span className="banner__more">
        No real phone is reached
        <span className="not-narrow">
          , nothing is charged, and these sessions are kept apart from your real ones
        </span>
        .
      </span>
    </>
  )
}
