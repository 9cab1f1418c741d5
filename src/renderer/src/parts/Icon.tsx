/** The icons of the console: 20 × 20 grid, one stroke whatever the size. Always beside a word or with a label of its own. */
import type { ReactNode } from 'react'
import './icon.css'

const shapes = {
  mark: (
    <>
      <circle cx="4.5" cy="5.5" r="2.5" />
      <circle cx="15.5" cy="5.5" r="2.5" />
      <path d="M4.5 8v2.5a5.5 5.5 0 0 0 11 0V8" />
    </>
  ),
  sessions: (
    <>
      <path d="M2.5 5.5a2 2 0 0 1 2-2h7a2 2 0 0 1 2 2v3.500a2 2 0 0 1-2 2H7L4 13.500V11a2 2 0 0 1-1.5-2z" />
      <path d="M16 7.500a1.5 1.5 0 0 1 1.5 1.500v4a1.5 1.5 0 0 1-1.5 1.500V17l-3-2.500h-3" />
    </>
  ),
  contacts: (
    <>
      <circle cx="10" cy="6.5" r="3" />
      <path d="M3.5 16.500c.6-3.2 3.2-5 6.5-5s5.9 1.8 6.5 5" />
    </>
  ),
  phone: (
    <>
      <rect x="5.5" y="2.5" width="9" height="15" rx="2" />
      <path d="M8.5 15h3" />
    </>
  ),
  settings: (
    <>
      <path d="M3 6h7M14 6h3M3 14h3M10 14h7" />
      <circle cx="12" cy="6" r="2" />
      <circle cx="8" cy="14" r="2" />
    </>
  ),
  search: (
    <>
      <circle cx="9" cy="9" r="5.5" />
      <path d="m13.2 13.2 3.8 3.8" />
    </>
  ),
  sms: (
    <>
      <path d="M2.5 6a2.5 2.5 0 0 1 2.5-2.500h10A2.5 2.5 0 0 1 17.5 6v5.500A2.5 2.5 0 0 1 15 14H9.500L6 17v-3H5a2.5 2.5 0 0 1-2.5-2.500z" />
      <path d="M6.5 7.500h7M6.5 10.500h4" />
    </>
  ),
  wa: (
    <>
      <path d="M10 2.500a7.5 7.5 0 1 1-3.6 14.080L2.8 17.300l.8-3.500A7.5 7.5 0 0 1 10 2.500z" />
      <path d="M7.6 6.600l.9 1.9-.9 1a4.6 4.6 0 0 0 2.9 2.900l1-.9 1.9.9" />
    </>
  ),
  voice: (
    <>
      <path d="M6.6 3.1 8.2 6.7 6.5 8.300a9.8 9.8 0 0 0 5.2 5.200l1.6-1.7 3.6 1.6-.3 2.200a1.6 1.6 0 0 1-1.7 1.400A12.6 12.6 0 0 1 3 5.100a1.6 1.6 0 0 1 1.4-1.700z" />
    </>
  ),
  image: (
    <>
      <rect x="2.5" y="4" width="15" height="12" rx="2" />
      <circle cx="7" cy="8" r="1.2" />
      <path d="m3 14.5 4-3.5 3 2.5 3.5-3.5 4 3.5" />
    </>
  ),
  clip: (
    <>
      <path d="m16 9.5-5.800 5.800a3.5 3.5 0 0 1-5-5l6-6a2.4 2.4 0 0 1 3.400 3.400l-5.800 5.800a1.2 1.2 0 0 1-1.700-1.700L12 6.500" />
    </>
  ),
  x: (
    <>
      <path d="m5.5 5.5 9 9M14.5 5.500l-9 9" />
    </>
  ),
  sent: (
    <>
      <path d="m4.5 10.5 3.5 3.5 7.5-8" />
    </>
  ),
  delivered: (
    <>
      <path d="m1.5 10.5 3.5 3.500L12 6M9.5 13l1 1L17.5 6" />
    </>
  ),
  clock: (
    <>
      <circle cx="10" cy="10" r="7" />
      <path d="M10 6v4l2.7 1.8" />
    </>
  ),
  alert: (
    <>
      <circle cx="10" cy="10" r="7.2" />
      <path d="M10 6.200v4.6" />
      <circle className="dot" cx="10" cy="13.6" r=".9" />
    </>
  ),
  right: (
    <>
      <path d="m7.5 4.5 5.5 5.5-5.5 5.5" />
    </>
  ),
  left: (
    <>
      <path d="M12.5 4.5 7 10l5.5 5.5" />
    </>
  ),
  down: (
    <>
      <path d="m4.5 7.5 5.5 5.5 5.5-5.5" />
    </>
  ),
  arrow: (
    <>
      <path d="M10 16.500V4M5 9l5-5 5 5" />
    </>
  ),
  up: (
    <>
      <path d="m4.5 12.5 5.5-5.5 5.5 5.5" />
    </>
  ),
  plus: (
    <>
      <path d="M10 4v12M4 10h12" />
    </>
  ),
  more: (
    <>
      <circle className="dot" cx="4.5" cy="10" r="1.3" />
      <circle className="dot" cx="10" cy="10" r="1.3" />
      <circle className="dot" cx="15.5" cy="10" r="1.3" />
    </>
  ),
  slash: (
    <>
      <rect x="3" y="3" width="14" height="14" rx="3" />
      <path d="m8.2 13.5 3.6-7" />
    </>
  ),
  send: (
    <>
      <path d="M16 4v4.500a2.5 2.5 0 0 1-2.5 2.500H4.5" />
      <path d="m8 7-4 4 4 4" />
    </>
  ),
  play: (
    <>
      <path d="M6.5 4.200v11.600l9-5.800z" />
    </>
  ),
  pause: (
    <>
      <path d="M7 4.500v11M13 4.500v11" />
    </>
  ),
  auto: (
    <>
      <rect x="3" y="5.5" width="14" height="9.5" rx="2.5" />
      <path d="M10 5.500V2.800M7.5 9.500v1.500M12.5 9.500v1.5" />
    </>
  ),
  note: (
    <>
      <path d="M4 3.500h12v8.500l-4.5 4.500H4z" />
      <path d="M11.5 16.500V12H16" />
    </>
  ),
  undo: (
    <>
      <path d="M7 4 3.5 7.5 7 11" />
      <path d="M3.5 7.500h8a4.5 4.5 0 0 1 0 9H7" />
    </>
  ),
  again: (
    <>
      <path d="M16.5 10a6.5 6.5 0 1 1-2-4.7" />
      <path d="M16.8 2.800v3.400h-3.4" />
    </>
  ),
  key: (
    <>
      <circle cx="6.5" cy="13.5" r="3.5" />
      <path d="m9 11 7.5-7.500M13.5 6.500l2.5 2.5" />
    </>
  ),
  hash: (
    <>
      <path d="M7.5 3 6 17M14 3l-1.5 14M3.5 7.500h13.500M3 12.500h13.5" />
    </>
  ),
  tunnel: (
    <>
      <path d="M3 16.500V11a7 7 0 0 1 14 0v5.5" />
      <path d="M7 16.500V11a3 3 0 0 1 6 0v5.500M2 16.500h16" />
    </>
  ),
  hook: (
    <>
      <path d="M3 10h10M9 5.500l4.5 4.500L9 14.500M17 4v12" />
    </>
  ),
  queue: (
    <>
      <path d="M3 5h14M3 10h14M3 15h8" />
    </>
  ),
  catchup: (
    <>
      <path d="M3.3 8.500A7 7 0 1 1 3 11" />
      <path d="M3 4.500v4h4M10 6.500V10l2.5 1.7" />
    </>
  ),
  disk: (
    <>
      <ellipse cx="10" cy="5.5" rx="6.5" ry="2.5" />
      <path d="M3.5 5.500v9c0 1.4 2.9 2.5 6.5 2.500s6.5-1.1 6.5-2.500v-9M3.5 10c0 1.4 2.9 2.5 6.5 2.500s6.5-1.1 6.5-2.5" />
    </>
  ),
  copy: (
    <>
      <rect x="7" y="7" width="10" height="10" rx="2" />
      <path d="M13 4.500A1.5 1.5 0 0 0 11.5 3h-7A1.5 1.5 0 0 0 3 4.500v7A1.5 1.5 0 0 0 4.5 13" />
    </>
  ),
  moon: (
    <>
      <path d="M16.5 12A7 7 0 0 1 8 3.500a7 7 0 1 0 8.5 8.500z" />
    </>
  ),
  lock: (
    <>
      <rect x="4" y="9" width="12" height="8" rx="2" />
      <path d="M6.5 9V6.500a3.5 3.5 0 0 1 7 0V9" />
    </>
  ),
  split: (
    <>
      <path d="M10 3v4c0 3.5-5 3-5 6.500V17M10 7c0 3.5 5 3 5 6.500V17" />
    </>
  ),
  join: (
    <>
      <path d="M5 3v3.500c0 3.5 5 3 5 6.500v4M15 3v3.500c0 3.5-5 3-5 6.5" />
    </>
  ),
  info: (
    <>
      <circle cx="10" cy="10" r="7.2" />
      <path d="M10 9.500v4" />
      <circle className="dot" cx="10" cy="6.7" r=".9" />
    </>
  ),
  quiet: (
    <>
      <path d="M5 14.500h10c-1-1-1.300-2.400-1.300-5a3.700 3.700 0 0 0-7.400 0c0 2.600-.3 4-1.300 5zM8.600 17h2.800M3.500 3.500l13 13" />
    </>
  ),
  filter: (
    <>
      <path d="M3.5 5.500h13M6 10h8M8.5 14.500h3" />
    </>
  ),
  back: (
    <>
      <path d="M11.5 4.5 6 10l5.5 5.500M6 10h11" />
    </>
  ),
  pencil: (
    <>
      <path d="M4 16l.8-3.3 8.4-8.400a1.6 1.6 0 0 1 2.3 0l.2.2a1.6 1.6 0 0 1 0 2.300l-8.4 8.400z" />
    </>
  ),
} satisfies Record<string, ReactNode>

export type IconName = keyof typeof shapes

interface IconProps {
  name: IconName
  size?: 12 | 14 | 16 | 20
  /** Said by screen readers; without it the icon is decoration beside a word. */
  label?: string | undefined
  className?: string | undefined
}

export function Icon({ name, size = 16, label, className = '' }: IconProps) {
  return (
    <svg
      className={`i i--${size} ${className}`}
      viewBox="0 0 20 20"
      role={label ? 'img' : undefined}
      aria-label={label}
      aria-hidden={label ? undefined : true}
    >
      {shapes[name]}
    </svg>
  )
}
