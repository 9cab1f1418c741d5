import { homedir } from 'node:os'
import type { Terminal } from './io.ts'

/** The terminal this process runs in. */
export function processTerminal(): Terminal {
  // Without a listener the reader's going (`| head`) would be an exception of its own; the write below tells of it.
  process.stdout.on('error', () => undefined)
  process.stderr.on('error', () => undefined)
  return {
    stdout: (text) =>
      new Promise((resolve, reject) => {
        process.stdout.write(text, (error) => {
          if (error) reject(error)
          else resolve()
        })
      }),
    stderr: (text) => process.stderr.write(text),
    isWatched: process.stderr.isTTY,
    env: process.env,
    platform: process.platform,
    home: homedir(),
    cwd: process.cwd(),
    onStop: (stop) => {
      process.once('SIGTERM', stop)
      process.once('SIGINT', stop)
    },
  }
}
