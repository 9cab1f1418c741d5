import { EventEmitter } from 'node:events'

/**
 * The parts of one of Electron's own types that the stand-in has: a member that Electron renames or retypes fails the
 * type check here. Emitter methods are left out, being overloaded per event.
 */
export type Impl<T> = { [K in keyof T as K extends keyof EventEmitter ? never : K]?: T[K] }

/** True, unless the stand-in has a member that Electron does not have: then its name, and the type check fails. */
export type NoMore<Ours, Electrons, More = Exclude<keyof Ours, keyof Electrons | keyof EventEmitter>> = [
  More,
] extends [never]
  ? true
  : More

/** What languages, inspectors and assertion libraries look for on any object. */
const ALWAYS = new Set(['then', 'toJSON', '$$typeof', 'nodeType', 'asymmetricMatch', 'domain', '__esModule'])

/** A module object: touching a member that the stand-in lacks throws its name instead of reading undefined. */
export function strict<T extends object, E extends object = object>(
  name: string,
  impl: T,
  emitter?: E,
): T & E {
  const target = Object.defineProperties((emitter ?? {}) as T & E, Object.getOwnPropertyDescriptors(impl))
  return new Proxy(target, {
    get(object, key, receiver) {
      if (typeof key === 'string' && !(key in object) && !ALWAYS.has(key)) {
        throw new Error(`Electron stand-in: ${name}.${key} is not there`)
      }
      return Reflect.get(object, key, receiver) as unknown
    },
  })
}

/** The same for an object of a class: its methods run on the object itself, which has private members. */
export function strictInstance<T extends object>(name: string, instance: T): T {
  return new Proxy(instance, {
    get(object, key) {
      if (typeof key === 'string' && !(key in object) && !ALWAYS.has(key)) {
        throw new Error(`Electron stand-in: ${name}.${key} is not there`)
      }
      const value: unknown = Reflect.get(object, key, object)
      return typeof value === 'function' ? (value.bind(object) as unknown) : value
    },
    set: (object, key, value) => Reflect.set(object, key, value, object),
  })
}

/** Emits an event with preventDefault; returns whether nobody called it. */
export function emitPreventable(
  emitter: EventEmitter,
  name: string,
  details: object = {},
  ...args: unknown[]
): boolean {
  let isPrevented = false
  const event = {
    ...details,
    get defaultPrevented() {
      return isPrevented
    },
    preventDefault() {
      isPrevented = true
    },
  }
  EventEmitter.prototype.emit.call(emitter, name, event, ...args)
  return !isPrevented
}
