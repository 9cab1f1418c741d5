import type { Browser, Page } from 'playwright'

interface TraceEvent {
  name: string
  pid: number
  tid: number
  /** Processor time of the thread, µs. */
  tdur?: number
  args: { name?: string }
}

/**
 * The longest the page's main thread computed at one go while `act` ran, ms: what is ours of a frame that came late.
 * The rest is the machine giving the processor to somebody else.
 */
export async function longestTask(browser: Browser, page: Page, act: () => Promise<void>): Promise<number> {
  await browser.startTracing(page, { categories: ['toplevel', '__metadata'] })
  await act()
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
    traceEvents: TraceEvent[]
  }
  const thread = ({ pid, tid }: TraceEvent): string => `${String(pid)} ${String(tid)}`
  const main = new Set(
    traceEvents
      .filter((event) => event.name === 'thread_name' && event.args.name === 'CrRendererMain')
      .map(thread),
  )
  const tasks = traceEvents.filter((event) => main.has(thread(event)) && event.tdur !== undefined)
  if (tasks.length === 0) throw new Error('Chromium told nothing of what its threads did.')
  return tasks.reduce((longest, { tdur = 0 }) => Math.max(longest, tdur), 0) / 1_000
}

/** Processor time the page's process used so far, all its threads, ms. */
export async function computed(page: Page): Promise<number> {
  const chromium = await page.context().newCDPSession(page)
  await chromium.send('Performance.enable')
  const { metrics } = await chromium.send('Performance.getMetrics')
  await chromium.detach()
  const used = metrics.find(({ name }) => name === 'ProcessTime')
  if (!used) throw new Error('Chromium does not tell what its page used.')
  return used.value * 1_000
}
