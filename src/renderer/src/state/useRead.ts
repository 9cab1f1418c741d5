import { useEffect, useState } from 'react'
import { useApp, useConsole } from './app.ts'
import { useCell } from './cell.ts'
import type { Console } from './console.ts'

const NO_LINE = 'There is no connection to Switchboard.'

/**
 * Reads something once it is looked at, and again when the line to the console is back; `problem` is why it could not
 * be read, empty when it could or is being; without a line it cannot. `read` stays the same from one drawing to the next.
 */
export function useRead(read: (console: Console) => Promise<string>): { problem: string; retry: () => void } {
  const console = useConsole()
  const isOpen = useCell(useApp().line) === 'open'
  const [problem, setProblem] = useState('')
  useEffect(() => {
    let gone = false
    // What was read stays on the page while the line is gone.
    if (!isOpen) return
    void read(console).then((wrong) => {
      if (!gone) setProblem(wrong)
    })
    return () => {
      gone = true
    }
  }, [console, read, isOpen])
  return { problem: isOpen ? problem : NO_LINE, retry: () => void read(console).then(setProblem) }
}
