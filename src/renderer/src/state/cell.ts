import { useSyncExternalStore } from 'react'

/** A value screens can watch. The store is made of these: whoever reads one is told of that one only. */
export class Cell<T> {
  #value: T
  readonly #listeners = new Set<() => void>()

  constructor(value: T) {
    this.#value = value
  }
  readonly get = (): T => this.#value
  set(value: T): void {
    if (Object.is(value, this.#value)) return
    this.#value = value
    for (const listener of this.#listeners) listener()
  }
  update(change: (value: T) => T): void {
    this.set(change(this.#value))
  }
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

/** Many values by key; whoever watches one key hears nothing of the others. */
export class Table<T> {
  readonly #values = new Map<string, T>()
  readonly #listeners = new Map<string, Set<() => void>>()

  readonly get = (key: string): T | undefined => this.#values.get(key)
  set(key: string, value: T): void {
    if (Object.is(value, this.#values.get(key))) return
    this.#values.set(key, value)
    this.#tell(key)
  }
  delete(key: string): void {
    if (this.#values.delete(key)) this.#tell(key)
  }
  clear(): void {
    const keys = [...this.#values.keys()]
    this.#values.clear()
    for (const key of keys) this.#tell(key)
  }
  keys(): IterableIterator<string> {
    return this.#values.keys()
  }
  subscribe(key: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(key) ?? new Set()
    this.#listeners.set(key, listeners.add(listener))
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0 && this.#listeners.get(key) === listeners) this.#listeners.delete(key)
    }
  }
  #tell(key: string): void {
    for (const listener of this.#listeners.get(key) ?? []) listener()
  }
}

export function useCell<T>(cell: Cell<T>): T {
  return useSyncExternalStore(cell.subscribe, cell.get)
}

const nothing = () => undefined
const never = () => nothing

/** The value of one key; undefined without a key. */
export function useEntry<T>(table: Table<T>, key: string | null | undefined): T | undefined {
  return useSyncExternalStore(
    typeof key === 'string' ? (listener) => table.subscribe(key, listener) : never,
    typeof key === 'string' ? () => table.get(key) : nothing,
  )
}
