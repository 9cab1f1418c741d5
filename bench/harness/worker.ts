import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** What a process of the bench can be asked: names to functions of one argument, all answering later. */
export type Answers = Record<string, (argument: never) => Promise<unknown>>

interface Asked {
  id: number
  name: string
  argument: unknown
}
type Answered = { id: number; value: unknown } | { id: number; error: string }

/** A process of its own, so that what is measured shares neither a loop nor a heap with what measures. */
export interface Worker<A extends Answers> {
  ask<N extends keyof A & string>(name: N, ...argument: Parameters<A[N]>): Promise<Awaited<ReturnType<A[N]>>>
  /** Ends it and waits until it is gone. */
  end(): Promise<void>
}

/** Starts `bench/processes/<file>`. The other half is `answer`. */
export function startWorker<A extends Answers>(file: string, nodeArgs: readonly string[] = []): Worker<A> {
  const child = fork(join(import.meta.dirname, '..', 'processes', file), {
    execArgv: [...nodeArgs],
    serialization: 'advanced',
  })
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>()
  let asked = 0
  child.on('message', (message: Answered) => {
    const who = waiting.get(message.id)
    waiting.delete(message.id)
    if ('error' in message) who?.reject(new Error(`${file}: ${message.error}`))
    else who?.resolve(message.value as never)
  })
  child.on('exit', (code) => {
    for (const who of waiting.values()) who.reject(new Error(`${file} ended with ${String(code)}`))
  })
  return {
    ask: (name, ...[argument]) =>
      new Promise((resolve, reject) => {
        const id = (asked += 1)
        waiting.set(id, { resolve, reject })
        child.send({ id, name, argument } satisfies Asked)
      }),
    async end() {
      if (child.exitCode !== null || !child.connected) return
      const gone = once(child, 'exit')
      child.disconnect()
      await gone
    },
  }
}

/** In the process itself: answers until the one that started it lets go. */
export function answer(answers: Answers): void {
  process.on('message', ({ id, name, argument }: Asked) => {
    const reply = (answered: Answered): void => {
      if (process.connected) process.send?.(answered)
    }
    const asked = answers[name] as ((argument: unknown) => Promise<unknown>) | undefined
    Promise.resolve(asked?.(argument)).then(
      (value) => reply({ id, value }),
      (error: unknown) => reply({ id, error: error instanceof Error ? (error.stack ?? '') : String(error) }),
    )
  })
  process.on('disconnect', () => process.exit())
}
