import { useState } from 'react'

interface Asking {
  busy: boolean
  /** Why the last one failed, in words. */
  problem: string | null
  run: (task: () => Promise<string | null>) => Promise<boolean>
}

/** One thing at a time: while it is under way, and why it failed. */
export function useAsk(): Asking {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const run = async (task: () => Promise<string | null>) => {
    setBusy(true)
    setProblem(null)
    const wrong = await task()
    setBusy(false)
    setProblem(wrong)
    return wrong === null
  }
  return { busy, problem, run }
}
