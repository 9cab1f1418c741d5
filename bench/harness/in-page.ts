// What runs in the page, handed over as text: each function stands alone.

/** A mark as it stands in a text: round and number, told apart from whatever stands beside it. */
export const markOf = (round: number, number: number): string => `#${String(round)}-${String(number)}#`

/** What the functions below leave on the window. */
export interface Watched {
  /** The wall clock's time (ms) at which each mark had been drawn. */
  drawn: Record<string, number>
  /** When the first row of the list, or the welcome of an empty one, had been drawn. */
  firstAt?: number
}

/**
 * Notes when each mark was drawn: it is in the document, and the frame after has begun, so that the one with it is
 * through style, layout and paint.
 */
export function watchMarks(): void {
  const drawn: Watched['drawn'] = {}
  Object.assign(window, { drawn })
  let fresh: string[] = []
  const note = (): void => {
    for (const mark of fresh) drawn[mark] = Date.now()
    fresh = []
  }
  const look = (node: Node): void => {
    for (const [mark] of (node.textContent ?? '').matchAll(/#\d+-\d+#/g)) {
      if (mark in drawn) continue
      drawn[mark] = Number.NaN
      if (fresh.push(mark) === 1) requestAnimationFrame(note)
    }
  }
  new MutationObserver((records) => {
    for (const { type, target, addedNodes } of records) {
      if (type === 'characterData') look(target)
      else addedNodes.forEach(look)
    }
  }).observe(document, { subtree: true, childList: true, characterData: true })
}

/** Notes when the first row of the list, or the welcome of an empty one, had been drawn. */
export function watchFirst(): void {
  const look = (): void => {
    if (!document.querySelector('[role="option"], .welcome')) return
    observer.disconnect()
    requestAnimationFrame(() => Object.assign(window, { firstAt: Date.now() }))
  }
  const observer = new MutationObserver(look)
  observer.observe(document, { subtree: true, childList: true })
}

export interface Scrolled {
  /** Longest time from one frame to the next, ms. */
  longest: number
  /** All of them at their 99th part of a hundred, ms. */
  p99: number
  frames: number
  /** Most elements in the document at a time. */
  nodes: number
}

/** How the list is scrolled: a flick a frame, or from one end to the other; or not at all, to see what a frame takes then. */
export interface Scrolling {
  how: 'flick' | 'whole' | 'still'
  frames: number
  /** How far down it begins, px; in a shorter list somewhere else. */
  from: number
}

/** Scrolls the list a step a frame, down and from its end up again. */
export function scroll({ how, frames, from }: Scrolling): Promise<Scrolled> {
  const box = document.querySelector('.rows')
  if (!box) throw new Error('There is no list.')
  const end = box.scrollHeight - box.clientHeight
  const step = { flick: 300, whole: (2 * end) / frames, still: 0 }[how]
  const took: number[] = []
  let nodes = 0
  let direction = 1
  box.scrollTop = from % end
  return new Promise((resolve) => {
    let before: number | undefined
    const frame = (at: number): void => {
      if (before !== undefined) took.push(at - before)
      before = at
      nodes = Math.max(nodes, document.getElementsByTagName('*').length)
      if (took.length >= frames) {
        const sorted = took.toSorted((a, b) => a - b)
        resolve({
          longest: sorted.at(-1) ?? 0,
          p99: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
          frames: sorted.length,
          nodes,
        })
        return
      }
      if (box.scrollTop + step * direction > end) direction = -1
      if (box.scrollTop + step * direction < 0) direction = 1
      box.scrollTop += step * direction
      requestAnimationFrame(frame)
    }
    requestAnimationFrame(frame)
  })
}
