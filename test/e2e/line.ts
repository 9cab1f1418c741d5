import type { BrowserContext, Page } from 'playwright/test'

/**
 * For finding races: with SLOW_LINE=300 each request, each answer and each event of a page in a browser comes up to
 * 300 ms late. Events keep their order and requests theirs; an answer may overtake both. Every test holds as without it.
 */
export async function slowLine(context: BrowserContext): Promise<void> {
  const most = Number(process.env['SLOW_LINE'] ?? 0)
  if (!(most > 0)) return
  await context.routeWebSocket(/\/ws$/, (page) => {
    const server = page.connectToServer()
    const requests = late(most)
    const events = late(most)
    page.onMessage((text) => requests(() => server.send(text)))
    server.onMessage((text) => {
      const answer = () => page.send(text)
      if (isEvent(text)) events(answer)
      else setTimeout(answer, Math.random() * most)
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
function late(most: number): (act: () => void) => void {
  let last = 0
  return (act) => {
    last = Math.max(last, performance.now() + Math.random() * most)
    setTimeout(act, last - performance.now())
  }
}
