import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Ids } from '../ports.ts'

/** 1–64 characters of base64url: what a prober may ask to be answered. */
const CHALLENGE = /^[\w-]{1,64}$/

/** By which a probe from outside knows that it reached this very process and nobody else who holds the address. */
export interface Challenge {
  /** Something that was never asked before. */
  make(): string
  /** The answer to a challenge; undefined for what is none. */
  answer(challenge: string): string | undefined
  isAnswer(challenge: string, given: unknown): boolean
}

export function createChallenge(ids: Ids): Challenge {
  const key = ids.secret(32)
  const hash = (challenge: string): Buffer => createHmac('sha256', key).update(challenge).digest()
  return {
    make: () => ids.secret(18),
    answer: (challenge) => (CHALLENGE.test(challenge) ? hash(challenge).toString('base64url') : undefined),
    isAnswer(challenge, given) {
      if (typeof given !== 'string') return false
      const [ours, theirs] = [hash(challenge), Buffer.from(given, 'base64url')]
      return ours.length === theirs.length && timingSafeEqual(ours, theirs)
    },
  }
}
