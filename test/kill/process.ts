import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Answer, Done, Order, Request, Start } from './protocol.ts'

/** The process has been killed; whatever had not been answered never will be. */
export class Dead extends Error {}

/** A console in a process of its own. Its modules are loaded at once; it opens the folder when it is started. */
export class ConsoleProcess {
  readonly #child: ChildProcess
  readonly #waiting = new Map<
    number,
    { resolve: (done: Done[keyof Done]) => void; reject: (e: Error) => void }
  >()
  #next = 0
  /** What it said on stderr. */
  errors = ''
  /** Resolves with the signal it died of, or null. */
  readonly ended: Promise<NodeJS.Signals | null>

  /** @param scratch a folder for compiled modules, which make a start twice as fast */
  constructor(scratch: string) {
    const child = fork(join(import.meta.dirname, 'child.ts'), {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { ...process.env, NODE_COMPILE_CACHE: join(scratch, 'compiled') },
    })
    this.#child = child
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.errors += text))
    child.on('message', (answer: Answer) => {
      const waiting = this.#waiting.get(answer.id)
      this.#waiting.delete(answer.id)
      if ('done' in answer) waiting?.resolve(answer.done)
      else waiting?.reject(new Error(answer.failed))
    })
    this.ended = once(child, 'exit').then(([, signal]: (NodeJS.Signals | null)[]) => {
      for (const { reject } of this.#waiting.values()) reject(new Dead('the process has ended'))
      this.#waiting.clear()
      return signal ?? null
    })
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  start(start: Start): Promise<Done['start']> {
    return this.#tell({ do: 'start', start }) as Promise<Done['start']>
  }

  async advance(ms: number): Promise<void> {
    await this.#tell({ do: 'advance', ms })
  }

  act(order: Extract<Order, { do: 'act' }>): Promise<Done['act']> {
    return this.#tell(order) as Promise<Done['act']>
  }

  #tell(order: Order): Promise<Done[Order['do']]> {
    const request: Request = { id: ++this.#next, order }
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.id, { resolve, reject })
      this.#child.send(request, (error) => {
        if (error) reject(new Dead(error.message))
      })
    })
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.ended
  }
}
