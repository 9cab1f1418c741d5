import type { BrowserWindow, Rectangle } from 'electron'
import type { PreferenceValues } from './preferences.ts'

export const SMALLEST = { width: 400, height: 480 }
const USUAL = { width: 1240, height: 820 }
/** So much of a window, in pixels each way, must lie on some display for it to be found and dragged. */
const VISIBLE = 80
const SETTLE_MS = 400

type SavedWindow = PreferenceValues['window']

/**
 * Where the window opens: where it was, when that is still on a display, and never larger than the display it is on.
 * Displays come and go between two starts; a window on a missing one would be open and nowhere.
 */
export function openingBounds(saved: SavedWindow, workAreas: readonly Rectangle[]): Partial<Rectangle> {
  const area = saved && workAreas.find((candidate) => overlaps(saved.bounds, candidate))
  if (!saved || !area) return USUAL
  const width = clamp(saved.bounds.width, SMALLEST.width, area.width)
  const height = clamp(saved.bounds.height, SMALLEST.height, area.height)
  return {
    width,
    height,
    x: clamp(saved.bounds.x, area.x - width + VISIBLE, area.x + area.width - VISIBLE),
    // The title bar stays reachable.
    y: clamp(saved.bounds.y, area.y, area.y + area.height - VISIBLE),
  }
}

/** Tells `save` where the window is once it has come to rest; the returned function tells it now. */
export function watchBounds(
  window: BrowserWindow,
  after: (ms: number, task: () => void) => () => void,
  save: (state: NonNullable<SavedWindow>) => void,
): () => void {
  let cancel: (() => void) | null = null
  const tell = () => {
    cancel?.()
    cancel = null
    if (window.isDestroyed() || window.isMinimized() || window.isFullScreen()) return
    // In the tray it is where it was told to be last; never shown, it is not even as large as it will be.
    if (!window.isVisible()) return
    save({ bounds: window.getNormalBounds(), maximized: window.isMaximized() })
  }
  const moved = () => {
    cancel?.()
    cancel = after(SETTLE_MS, tell)
  }
  window.on('resize', moved)
  window.on('move', moved)
  window.on('maximize', moved)
  window.on('unmaximize', moved)
  window.on('close', tell)
  return tell
}

function overlaps(a: Rectangle, b: Rectangle): boolean {
  const wide = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const high = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return wide >= VISIBLE && high >= VISIBLE
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most))
}
