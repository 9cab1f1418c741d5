/**
 * Runs in the page and in Node: each function here is turned into text with toString() and evaluated by Chromium, so
 * none may use anything from outside its own body.
 */

export interface Codec {
  encode(value: unknown): string
  decode(text: string): unknown
}

/** Values to text and back with structured-clone semantics: cycles, Map, Set, Date, buffers, Error, undefined. */
export function makeCodec(): Codec {
  type Row = readonly [kind: string, ...parts: unknown[]]
  // Electron's own words.
  const refuse = (): Error => new Error('An object could not be cloned.')
  const viewNames = [
    'Int8Array',
    'Uint8Array',
    'Uint8ClampedArray',
    'Int16Array',
    'Uint16Array',
    'Int32Array',
    'Uint32Array',
    'Float32Array',
    'Float64Array',
    'BigInt64Array',
    'BigUint64Array',
    'DataView',
  ]
  const toText = (bytes: Uint8Array): string => {
    let text = ''
    for (const byte of bytes) text += String.fromCharCode(byte)
    return btoa(text)
  }

  function encode(value: unknown): string {
    let root: unknown
    try {
      root = structuredClone(value)
    } catch {
      throw refuse()
    }
    const seen = new Map<unknown, number>()
    const rows: Row[] = []
    const put = (one: unknown): number => {
      // A Map holds 0 and -0 to be the same key.
      const isMinusZero = Object.is(one, -0)
      const old = isMinusZero ? undefined : seen.get(one)
      if (old !== undefined) return old
      const place = rows.push(['undefined']) - 1
      if (!isMinusZero) seen.set(one, place)
      rows[place] = rowOf(one, put)
      return place
    }
    put(root)
    return JSON.stringify(rows)
  }

  function rowOf(value: unknown, put: (one: unknown) => number): Row {
    switch (typeof value) {
      case 'undefined':
        return ['undefined']
      case 'string':
      case 'boolean':
        return ['plain', value]
      case 'number':
        return Number.isFinite(value) && !Object.is(value, -0)
          ? ['plain', value]
          : ['number', Object.is(value, -0) ? '-0' : String(value)]
      case 'bigint':
        return ['bigint', String(value)]
      case 'object':
        return value === null ? ['plain', null] : objectRow(value, put)
      default:
        throw refuse()
    }
  }

  function objectRow(value: object, put: (one: unknown) => number): Row {
    if (Array.isArray(value)) {
      const list: unknown[] = value
      return ['array', Array.from(list, (one, index) => (index in list ? put(one) : -1))]
    }
    if (value instanceof Date) return ['date', value.getTime()]
    if (value instanceof RegExp) return ['regexp', value.source, value.flags]
    if (value instanceof Map) return ['map', [...value].map(([key, one]) => [put(key), put(one)])]
    if (value instanceof Set) return ['set', [...value].map(put)]
    if (value instanceof Error) return ['error', value.name, value.message, value.stack]
    if (value instanceof ArrayBuffer) return ['buffer', toText(new Uint8Array(value))]
    if (ArrayBuffer.isView(value)) {
      const length = 'length' in value ? value.length : value.byteLength
      return ['view', value.constructor.name, put(value.buffer), value.byteOffset, length]
    }
    if (Object.getPrototypeOf(value) !== Object.prototype) throw refuse()
    return ['object', Object.entries(value).map(([key, one]) => [key, put(one)])]
  }

  function decode(text: string): unknown {
    const rows = JSON.parse(text) as Row[]
    const done = new Map<number, unknown>()
    const keep = <T>(place: number, value: T): T => {
      done.set(place, value)
      return value
    }
    const get = (place: number): unknown => {
      if (done.has(place)) return done.get(place)
      const [kind, a, b, c, d] = rows[place] ?? ['undefined']
      switch (kind) {
        case 'plain':
          return keep(place, a)
        case 'number':
          return keep(place, Number(a))
        case 'bigint':
          return keep(place, BigInt(a as string))
        case 'date':
          return keep(place, new Date(a as number))
        case 'regexp':
          return keep(place, new RegExp(a as string, b as string))
        case 'buffer':
          return keep(
            place,
            Uint8Array.from(atob(a as string), (character) => character.charCodeAt(0)).buffer,
          )
        case 'view': {
          const name = a as string
          if (!viewNames.includes(name)) throw refuse()
          const View = (globalThis as unknown as Record<string, typeof Uint8Array>)[name]
          return keep(
            place,
            View ? new View(get(b as number) as ArrayBuffer, c as number, d as number) : null,
          )
        }
        case 'error': {
          const error = new Error(b as string)
          if (error.name !== a) error.name = a as string
          error.stack = c as string
          return keep(place, error)
        }
        case 'array': {
          const places = a as number[]
          const list = keep(place, new Array<unknown>(places.length))
          places.forEach((one, index) => {
            if (one >= 0) list[index] = get(one)
          })
          return list
        }
        case 'map': {
          const map = keep(place, new Map<unknown, unknown>())
          for (const [key, one] of a as [number, number][]) map.set(get(key), get(one))
          return map
        }
        case 'set': {
          const set = keep(place, new Set<unknown>())
          for (const one of a as number[]) set.add(get(one))
          return set
        }
        case 'object': {
          const object: Record<string, unknown> = keep(place, {})
          for (const [key, one] of a as [string, number][]) object[key] = get(one)
          return object
        }
        default:
          return keep(place, undefined)
      }
    }
    return get(0)
  }

  return { encode, decode }
}
