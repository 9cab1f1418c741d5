/** Going live: the account, its numbers, and the way in, step by step and back. */
export { isChosen } from './choice.ts'
export { keptThroughRestore, readKept } from './kept.ts'
export { createLive, type Live, type LiveParts } from './live.ts'
