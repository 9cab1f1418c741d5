import type { MemoryHost } from './main.ts'

declare global {
  /** The minimal app's host, in its main process: for `app.evaluate`. */
  var __host: MemoryHost
}
