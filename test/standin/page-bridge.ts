/** Runs in the page, as text: see page-codec.ts. */

export interface Bridge {
  expose(key: string, api: unknown): void
}

/**
 * contextBridge: functions and promises cross between the two worlds, everything else is copied. The worlds share only
 * DOM events, whose detail Chromium clones from one to the other.
 */
export function makeBridge(secret: string, side: 'main' | 'isolated'): Bridge {
  type Wire =
    | { op: 'call'; id: number; args: unknown[] }
    | { op: 'return'; ok: boolean; value: unknown }
    | { op: 'settle'; id: number; ok: boolean; value: unknown }
    | { op: 'expose'; key: string; value: unknown }
  type Callable = (...args: unknown[]) => unknown
  const outgoing = `${secret}:${side}`
  const incoming = `${secret}:${side === 'main' ? 'isolated' : 'main'}`
  const tag = `${secret}$`
  const own = new Map<number, Callable>()
  const pending = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  let last = 0
  let reply: Extract<Wire, { op: 'return' }> | undefined

  const post = (wire: Wire): void => {
    window.dispatchEvent(new CustomEvent(outgoing, { detail: wire }))
  }
  const refuse = (): Error => new Error('An object could not be cloned.')
  // contextBridge keeps of an error only its message.
  const asFailure = (error: unknown): string => (error instanceof Error ? error.message : String(error))
  const isPlain = (value: unknown): value is Record<string, unknown> | unknown[] =>
    typeof value === 'object' &&
    value !== null &&
    (Array.isArray(value) || [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null))

  /** Arrays and plain objects member by member; the engine clones everything else. */
  function copy(value: unknown, each: (one: unknown) => unknown, seen: Map<unknown, unknown>): unknown {
    if (!isPlain(value)) return value
    const made = (Array.isArray(value) ? new Array(value.length) : {}) as Record<string, unknown>
    seen.set(value, made)
    for (const [key, one] of Object.entries(value)) made[key] = each(one)
    return made
  }

  function wrap(value: unknown, seen = new Map<unknown, unknown>()): unknown {
    if (seen.has(value)) return seen.get(value)
    if (typeof value === 'symbol') throw refuse()
    if (typeof value === 'function') {
      last += 1
      own.set(last, value as Callable)
      return { [tag]: 'function', id: last }
    }
    if (value instanceof Promise) {
      last += 1
      const id = last
      value.then(
        (done) => post({ op: 'settle', id, ok: true, value: wrap(done) }),
        (error: unknown) => post({ op: 'settle', id, ok: false, value: asFailure(error) }),
      )
      return { [tag]: 'promise', id }
    }
    if (value instanceof Error) return new Error(value.message)
    return copy(value, (one) => wrap(one, seen), seen)
  }

  function unwrap(value: unknown, seen = new Map<unknown, unknown>()): unknown {
    if (typeof value !== 'object' || value === null) return value
    if (seen.has(value)) return seen.get(value)
    const { [tag]: kind, id } = value as Record<string, unknown>
    if (kind === 'function') return (...args: unknown[]) => call(id as number, args)
    if (kind === 'promise') {
      return new Promise((resolve, reject) => pending.set(id as number, { resolve, reject }))
    }
    return copy(value, (one) => unwrap(one, seen), seen)
  }

  function call(id: number, args: unknown[]): unknown {
    post({ op: 'call', id, args: args.map((one) => wrap(one)) })
    const answer = reply
    reply = undefined
    if (!answer) throw refuse()
    if (!answer.ok) throw new Error(String(answer.value))
    return unwrap(answer.value)
  }

  function answer(id: number, args: unknown[]): void {
    try {
      const value = own.get(id)?.(...args.map((one) => unwrap(one)))
      post({ op: 'return', ok: true, value: wrap(value) })
    } catch (error) {
      post({ op: 'return', ok: false, value: asFailure(error) })
    }
  }

  function freeze(value: unknown): unknown {
    if (typeof value === 'object' && value !== null) {
      Object.values(value).forEach(freeze)
      Object.freeze(value)
    }
    return value
  }

  window.addEventListener(incoming, (event) => {
    const wire = (event as CustomEvent<Wire | null>).detail
    if (wire?.op === 'call') answer(wire.id, wire.args)
    else if (wire?.op === 'return') reply = wire
    else if (wire?.op === 'settle') {
      const waiting = pending.get(wire.id)
      pending.delete(wire.id)
      if (wire.ok) waiting?.resolve(unwrap(wire.value))
      else waiting?.reject(new Error(String(wire.value)))
    } else if (wire?.op === 'expose' && side === 'main') {
      Object.defineProperty(window, wire.key, { value: freeze(unwrap(wire.value)), enumerable: true })
    }
  })
  return { expose: (key, api) => post({ op: 'expose', key, value: wrap(api) }) }
}
