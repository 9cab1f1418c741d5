import type { AnchorHTMLAttributes, MouseEvent } from 'react'
import type { Console } from '../state/console.ts'
import { hrefOf } from '../state/route.ts'
import { toList } from '../state/visit.ts'

interface SessionsLinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  console: Console
}

/** To the list of a world's sessions; where there is room, beside the one that was last in front. */
export function SessionsLink({ console, ...rest }: SessionsLinkProps) {
  const onClick = (event: MouseEvent) => {
    // In a window of its own it is the browser's affair.
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    toList(console)
  }
  return <a {...rest} href={hrefOf({ page: 'sessions', world: console.world })} onClick={onClick} />
}
