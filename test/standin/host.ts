/** What the parts of the stand-in share, and what a test may read and drive (as `__standin` in the main process). */
import type { EventEmitter } from 'node:events'
import type { Cdp } from './cdp.ts'

export interface Pressed {
  emit: EventEmitter['emit']
}

export const host = {
  cdp: Promise.withResolvers<Cdp>(),
  appPath: process.cwd(),
  pkg: { name: 'app', version: '0.0.0' } as {
    name: string
    productName?: string
    version: string
    main?: string
  },
  switches: new Map<string, string>(),
  versions: {} as Record<string, string>,
  isReady: false,
  isSandboxed: false,
  /** Ends the process; once Chromium runs, it first. */
  stop: (code: number): void => process.exit(code),

  /** Every call that a headless machine has no use for: name and arguments, in order. */
  calls: [] as [string, ...unknown[]][],
  /** What the next message boxes answer, by button; without any, the box's cancelId. */
  answers: [] as number[],
  /** Alive ones; `emit('click')` presses them. */
  trays: new Set<Pressed & { toolTip: string }>(),
  notifications: [] as (Pressed & { title: string; body: string; silent: boolean; isShown: boolean })[],
  badge: 0,
  blockers: new Set<number>(),
  isOnBattery: false,
}
export type Host = typeof host

export function note(name: string, ...args: unknown[]): void {
  host.calls.push([name, ...args])
}

Object.assign(globalThis, { __standin: host })
