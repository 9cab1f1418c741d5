/** What the test tells the process it is going to kill, and what it hears from it. */

/** One operation upon the disk; `match` is looked for in the file's path. */
export interface Death {
  operation: 'open' | 'write' | 'sync' | 'rename' | 'link' | 'remove'
  match: RegExp
  /** The how-manieth such operation, from 1. */
  nth: number
  /** Before it, behind it, or (a write) when half of it is down. */
  when: 'before' | 'half' | 'after'
}

export interface Start {
  folder: string
  /** The clock's time, ms. It stands until it is moved. */
  at: number
  /** Where to die of itself; undefined: it is killed from outside. */
  death: (Omit<Death, 'match'> & { match: string }) | undefined
}

export type Act = 'close' | 'reopen' | 'merge' | 'split'

export type Order =
  | { do: 'start'; start: Start }
  | { do: 'advance'; ms: number }
  /** Upon the session (of those that are listed) and the message of it that the numbers point at. */
  | { do: 'act'; act: Act; session: number; message: number }

export interface Done {
  start: { webhooks: string }
  advance: null
  /** _ids of the acts that were made or changed; none when it was not possible there. */
  act: { acts: string[] }
}

export interface Request {
  id: number
  order: Order
}

export type Answer = { id: number; done: Done[keyof Done] } | { id: number; failed: string }

export const TOKEN = 'a-token-for-tests'
export const ACCOUNT = `AC${'0'.repeat(32)}`
