import { Cell } from './cell.ts'

/** What a person just did, with the way back; or why it could not be done. */
export interface Toast {
  id: number
  words: string
  tone: 'done' | 'failed'
  undo: (() => void) | null
}

/** The toasts of the page: the newest two, the newest last. */
export class Toasts {
  readonly shown = new Cell<readonly Toast[]>([])
  #last = 0

  say(words: string, undo: (() => void) | null = null, tone: Toast['tone'] = 'done'): void {
    this.#last += 1
    this.shown.update((toasts) => {
      // The same said again stands once.
      const others = toasts.filter((toast) => toast.words !== words || toast.undo !== null)
      return [...others.slice(-1), { id: this.#last, words, tone, undo }]
    })
  }
  fail(words: string): void {
    this.say(words, null, 'failed')
  }
  clear(): void {
    this.shown.set([])
  }
  drop(id: number): void {
    this.shown.update((toasts) => toasts.filter((toast) => toast.id !== id))
  }
  /** Undoes the newest that can be undone; false when there is none. */
  undo(): boolean {
    const toast = this.shown.get().findLast(({ undo }) => undo !== null)
    if (!toast) return false
    this.drop(toast.id)
    toast.undo?.()
    return true
  }
}
