import { setTimeout as delay } from 'node:timers/promises'
import type { BrowserContext, Page } from 'playwright/test'

/**
 * For finding races: with SLOW_LINE=300 each request, each answer and each event of a page in a browser comes up to
 * 300 ms late. As where the machine is busy, each kind keeps its order, an answer may overtake events, and no event an
 * answer that was given before it. Every test holds as without it.
 */
export async function slowLine(context: BrowserContext): Promise<void> {
  const most = Number(process.env['SLOW_LINE'] ?? 0)
  if (!(most > 0)) return
  await context.routeWebSocket(/\/ws$/, (page) => {
    const server = page.connectToServer()
    const [requests, answers, events] = [new Late(most), new Late(most), new Late(most)]
    page.onMessage((text) => requests.add(() => server.send(text)))
    server.onMessage((text) => {
      if (isEvent(text)) events.add(() => page.send(text), answers.done)
      else answers.add(() => page.send(text))
    })
  })
}

/** To be called before the page is there: its questions are answered, but of what happens it hears nothing. */
export const deafen = (page: Page): Promise<void> =>
  page.routeWebSocket(/\/ws$/, (line) => {
    line.connectToServer().onMessage((text) => {
      if (!isEvent(text)) line.send(text)
    })
  })

const isEvent = (text: string | Buffer): boolean => String(text).startsWith('{"event"')

/** Does one thing after another, each up to `most` milliseconds after it was asked for. */
class Late {
  /** Resolves when all that was asked for so far is done. */
  done = Promise.resolve()
  readonly #most: number
  constructor(most: number) {
    this.#most = most
  }
  /** `after`: what has to be done before it. */
  add(act: () => void, after = Promise.resolve()): void {
    const due = delay(Math.random() * this.#most)
    this.done = Promise.all([this.done, after, due]).then(act)
  }
}
