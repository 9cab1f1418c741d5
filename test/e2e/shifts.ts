/** What moved in a page without anybody having moved it (the browser's own layout-shift entries). */
import type { Page } from 'playwright/test'

/** The layout-shift entry, which TypeScript's DOM types lack. */
interface LayoutShift extends PerformanceEntry {
  sources: { node: Node | null; previousRect: DOMRectReadOnly; currentRect: DOMRectReadOnly }[]
}

/** From now on; ask with the function it resolves to, which answers with what moved, from where to where. */
export async function watchShifts(page: Page, within = 'html'): Promise<() => Promise<string[]>> {
  await page.evaluate((within) => {
    const shifts: string[] = []
    Object.assign(window, { shifts })
    new PerformanceObserver((entries) => {
      for (const entry of entries.getEntries() as LayoutShift[])
        for (const { node, previousRect: a, currentRect: b } of entry.sources) {
          const element = node instanceof Element ? node : node?.parentElement
          if (!element?.closest(within)) continue
          shifts.push(
            `${(node as Element | null)?.className ?? 'text'} ${[a, b].map((r) => `${r.x},${r.y} ${r.width}×${r.height}`).join(' → ')}`,
          )
        }
    }).observe({ type: 'layout-shift', buffered: false })
  }, within)
  return () => page.evaluate(() => (window as unknown as { shifts: string[] }).shifts)
}
