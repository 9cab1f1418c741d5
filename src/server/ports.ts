/** What the outside world gives the server: passed in once, so that tests drive time, ids and faults. */

/** The one clock. Times are milliseconds since the epoch. */
export interface Clock {
  now(): number
  /** Runs `task` once, `ms` from now; the returned function takes it back. Never keeps the process alive by itself. */
  after(ms: number, task: () => void): () => void
}

/** The one id maker: 24 hex digits (ObjectId: seconds, random, counter), unique and rising within a process. */
export interface Ids {
  next(): string
  /** Unguessable text of `bytes` random bytes, base64url. */
  secret(bytes: number): string
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'
/** The one logger. A line says what happened in plain words; personal data goes through `person` and `body` so that a setting can hide it. */
export interface Log {
  debug(text: string): void
  info(text: string): void
  warn(text: string): void
  error(text: string, cause?: unknown): void
  /** A number or name, shown or hidden as the privacy setting says; control characters escaped. */
  person(value: string): string
  /** What somebody wrote, likewise. */
  body(value: string): string
}
