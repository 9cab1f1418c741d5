import { useEffect, useState } from 'react'
import { useConsole } from '../../state/app.ts'
import type { Console } from '../../state/console.ts'

/**
 * Reads something once it is looked at; `problem` is why it could not be read, empty when it could. `read` stays the
 * same from one drawing to the next.
 */
export function useRead(read: (console: Console) => Promise<string>): { problem: string; retry: () => void } {
  const console = useConsole()
  const [problem, setProblem] = useState('')
  useEffect(() => {
    let gone = false
    void read(console).then((wrong) => {
      if (!gone) setProblem(wrong)
    })
    return () => {
      gone = true
    }
  }, [console, read])
  return { problem, retry: () => void read(console).then(setProblem) }
}
