import { useApp } from '../state/app.ts'
import { useCell } from '../state/cell.ts'
import { Button } from './Button.tsx'
import { Empty } from './Empty.tsx'

interface NotReadProps {
  title: string
  /** Why, as the console said it. */
  problem: string
  onRetry: () => void
}

/**
 * What could not be read: why, and the way to ask again. While the line to the console is gone asking is of no use; what
 * shows this reads again by itself when it is back.
 */
export function NotRead({ title, problem, onRetry }: NotReadProps) {
  const isOpen = useCell(useApp().line) === 'open'
  return (
    <Empty title={title} action={isOpen && <Button onClick={onRetry}>Read it again</Button>}>
      {isOpen
        ? `${problem} Nothing is lost by that.`
        : 'There is no connection to Switchboard. It is read by itself as soon as the connection is back.'}
    </Empty>
  )
}
