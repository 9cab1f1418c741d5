import type { ComponentProps, ReactNode } from 'react'
import { Icon, type IconName } from './Icon.tsx'
import './button.css'

interface ButtonProps extends Omit<ComponentProps<'button'>, 'className'> {
  /** One primary button in a view; bare ones inside bars and rows. */
  look?: 'quiet' | 'primary' | 'bare'
  icon?: IconName
  big?: boolean
  /** The second click of a double click is not meant for what stands there by then, such as the opposite act. */
  once?: boolean
  /** Under way: it does nothing, and keeps the focus, which a disabled one would lose. */
  busy?: boolean
  className?: string
  children?: ReactNode
}

/** A button with words. Where it may not be pressed, something beside it says why. */
export function Button({
  look = 'quiet',
  icon,
  big,
  once,
  busy,
  className = '',
  children,
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      className={`btn btn--${look} ${big ? 'btn--big' : ''} ${className}`}
      onClick={(event) => {
        // A form's own button sends it, and so does Enter in a field, by way of this.
        if (busy) event.preventDefault()
        else if (!once || event.detail < 2) onClick?.(event)
      }}
      aria-disabled={busy === true ? true : undefined}
      {...rest}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  )
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'className' | 'children'> {
  icon: IconName
  label: string
  className?: string
  size?: 12 | 16 | 20
}

/** A button that is only an icon: its label is said and shown on hover. */
export function IconButton({ icon, label, className = '', size = 16, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      className={`btn btn--bare btn--icon ${className}`}
      aria-label={label}
      title={label}
      {...rest}
    >
      <Icon name={icon} size={size} />
    </button>
  )
}

/** An act that reads like a word in a sentence. */
export function LinkButton({ className = '', ...rest }: ComponentProps<'button'>) {
  return <button type="button" className={`link ${className}`} {...rest} />
}
