import { randomBytes } from 'node:crypto'
import type { Clock, Ids } from '../ports.ts'

const COUNTER_END = 0x1000000
const SECONDS_END = 0x100000000

/**
 * The one id maker. An id is MongoDB's ObjectId, as the brief's documents have it: 4 bytes of seconds, 5 random bytes
 * of this process, 3 bytes of counter, in hex.
 *
 * Ids rise within a process even when the clock is set back or more than the counter holds is asked for in a second:
 * then the seconds run ahead of the clock.
 *
 * @param random given only by tests and seeded generators, to get the same ids again
 */
export function createIds(clock: Pick<Clock, 'now'>, random: (bytes: number) => Buffer = randomBytes): Ids {
  const process = random(5).toString('hex')
  let counter = random(3).readUIntBE(0, 3)
  let seconds = 0
  return {
    next: () => {
      counter += 1
      if (counter === COUNTER_END) {
        counter = 0
        seconds += 1
      }
      seconds = Math.max(seconds, Math.floor(clock.now() / 1000) % SECONDS_END)
      return hex(seconds, 8) + process + hex(counter, 6)
    },
    secret: (bytes) => random(bytes).toString('base64url'),
  }
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0')
