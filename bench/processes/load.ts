// Twilio, as far as a server can tell: prepared requests over kept-alive connections, each with one under way.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { median } from '../harness/figures.ts'
import { requestOf } from '../harness/twilio.ts'
import { answer } from '../harness/worker.ts'

export interface Load {
  /** Where to, e.g. http://127.0.0.1:4400. */
  base: string
  count: number
  inFlight: number
  /** Requests a second, evenly; without it each connection sends the next as soon as it has its answer. */
  rate?: number
  /** What is different in each one's form; then it is told when each was sent and answered. */
  changes?: readonly Record<string, string>[]
}

export interface Loaded {
  /** From the first request to the last answer, ms. */
  ms: number
  /** Of one answer, ms. */
  p50: number
  p99: number
  /** The wall clock's times, ms, in the order of `changes`. */
  told: { sent: number; answered: number }[]
}

// No message twice, whoever sends it: the process's id is part of the number.
let next = process.pid * 10_000_000

const answers = {
  async fire({ base, count, inFlight, rate, changes }: Load): Promise<Loaded> {
    const requests = Array.from({ length: count }, (_, n) => requestOf(next++, base, changes?.[n]))
    const port = Number(new URL(base).port)
    const lines = await Promise.all(Array.from({ length: inFlight }, () => Line.open(port)))
    const took: number[] = []
    const told: Loaded['told'] = []
    let sent = 0
    const start = performance.now()
    const send = async (line: Line): Promise<void> => {
      const number = sent++
      const request = requests[number]
      if (!request) return
      const began = performance.now()
      const sentAt = Date.now()
      await line.send(request)
      took.push(performance.now() - began)
      if (changes) told[number] = { sent: sentAt, answered: Date.now() }
    }
    if (rate === undefined) {
      await Promise.all(
        lines.map(async (line) => {
          while (sent < count) await send(line)
        }),
      )
    } else await atRate(lines, rate, count, send)
    const ms = performance.now() - start
    for (const line of lines) line.close()
    const p99 = took.toSorted((a, b) => a - b)[Math.floor(count * 0.99)] ?? 0
    return { ms, p50: median(took), p99, told }
  },
}
export type Loader = typeof answers
answer(answers)

/** Sends what is due each millisecond over whatever line is free; what finds none waits for the next turn. */
async function atRate(
  lines: readonly Line[],
  rate: number,
  count: number,
  send: (line: Line) => Promise<void>,
): Promise<void> {
  const free = [...lines]
  const underWay = new Set<Promise<void>>()
  const start = performance.now()
  let begun = 0
  while (begun < count) {
    const due = Math.min(count, Math.ceil(((performance.now() - start) * rate) / 1_000))
    while (begun < due) {
      // In turn: a connection that rests too long is closed by the server.
      const line = free.shift()
      if (!line) break
      begun += 1
      const going = send(line).finally(() => {
        free.push(line)
        underWay.delete(going)
      })
      underWay.add(going)
    }
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  await Promise.all(underWay)
}

const HEAD_END = '\r\n\r\n'
const LENGTH = /\r\ncontent-length: (\d+)/i

/** One kept-alive connection. Reads of an answer what it must: status, length, and when it is whole. */
class Line {
  readonly #socket: Socket
  #text = ''
  #resolve: (() => void) | undefined
  #reject: ((error: Error) => void) | undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('data', (chunk) => {
      this.#text += chunk.toString('latin1')
      this.#look()
    })
    socket.on('error', (error) => this.#reject?.(error))
    socket.on('close', () => this.#reject?.(new Error('the server closed the connection')))
  }

  static async open(port: number): Promise<Line> {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    return new Line(socket)
  }

  send(request: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) return reject(new Error('the server closed the connection'))
      this.#resolve = resolve
      this.#reject = reject
      this.#socket.write(request)
    })
  }

  close(): void {
    this.#reject = undefined
    this.#socket.destroy()
  }

  #look(): void {
    const end = this.#text.indexOf(HEAD_END)
    if (end < 0) return
    const head = this.#text.slice(0, end)
    if (this.#text.length < end + HEAD_END.length + Number(LENGTH.exec(head)?.[1] ?? 0)) return
    const said = this.#text
    this.#text = ''
    if (head.startsWith('HTTP/1.1 200')) this.#resolve?.()
    else this.#reject?.(new Error(`not taken: ${said.slice(0, 300)}`))
  }
}
