/** At which ends of a strip that scrolls sideways something is out of sight. */
export type Hidden = 'none' | 'before' | 'after' | 'both'

/** Lines that a wheel counts in, px: some browsers tell of lines, not of pixels. */
const LINE = 16

/**
 * Watches such a strip: `tell` hears what of it is out of sight, now and after each change. A wheel turned over it
 * moves it: one that goes up and down would otherwise do nothing there. Ends with what it answers.
 */
export function watchStrip(strip: HTMLElement, tell: (hidden: Hidden) => void): () => void {
  const look = () => {
    const { scrollLeft, scrollWidth, clientWidth } = strip
    // A zoomed page has fractions of a pixel.
    const before = scrollLeft > 1
    const after = scrollLeft + clientWidth < scrollWidth - 1
    tell(before ? (after ? 'both' : 'before') : after ? 'after' : 'none')
  }
  const onWheel = ({ deltaX, deltaY, deltaMode, ctrlKey }: WheelEvent) => {
    if (ctrlKey || Math.abs(deltaX) >= Math.abs(deltaY)) return
    strip.scrollLeft += deltaY * (deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : LINE)
  }
  const sizes = new ResizeObserver(look)
  sizes.observe(strip)
  for (const child of strip.children) sizes.observe(child)
  strip.addEventListener('scroll', look, { passive: true })
  strip.addEventListener('wheel', onWheel, { passive: true })
  return () => {
    sizes.disconnect()
    strip.removeEventListener('scroll', look)
    strip.removeEventListener('wheel', onWheel)
  }
}
