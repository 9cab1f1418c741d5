/**
 * What the page keeps in the browser, so that a reload finds it again. A storage may be forbidden (its mere mention
 * throws then) or full; the page goes on without it, with what it has in memory.
 */
export interface Keeper {
  get(name: string): string | null
  set(name: string, value: string): void
  remove(name: string): void
  /** Names that begin so, with what is kept under them. */
  entries(prefix: string): [name: string, value: string][]
  /** Tells of each name that begins so and was changed by another window. */
  watch(prefix: string, told: (name: string) => void): void
}

/** `storage` is asked for each time: naming it is what throws. */
function keeper(storage: () => Storage): Keeper {
  const tried = <T>(doing: (of: Storage) => T, otherwise: T): T => {
    try {
      return doing(storage())
    } catch {
      return otherwise
    }
  }
  return {
    get: (name) => tried((of) => of.getItem(name), null),
    set: (name, value) => tried((of) => of.setItem(name, value), undefined),
    remove: (name) => tried((of) => of.removeItem(name), undefined),
    entries: (prefix) =>
      tried((of) => {
        const names = Array.from({ length: of.length }, (_, at) => of.key(at))
        return names.flatMap((name) =>
          name?.startsWith(prefix) ? [[name, of.getItem(name) ?? ''] satisfies [string, string]] : [],
        )
      }, []),
    watch(prefix, told) {
      if (!('addEventListener' in globalThis)) return
      addEventListener('storage', ({ key, storageArea }) => {
        const isThis = tried((of) => of === storageArea, false)
        if (isThis && key?.startsWith(prefix)) told(key)
      })
    },
  }
}

/** For this browser, until it is cleared. */
export const keptHere = keeper(() => localStorage)
/** For this window alone. */
export const keptInWindow = keeper(() => sessionStorage)
