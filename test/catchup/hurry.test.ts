import { expect, it } from 'vitest'
import type { Outcome } from '../../src/server/carrier/carrier.ts'
import { Hurry, patiently } from '../../src/server/catchup/gather.ts'
import { manualClock } from '../../src/server/system/index.ts'

const LIMITED: Outcome<string> = {
  ok: false,
  error: { kind: 'limited', code: 20429, status: 429, sentence: 'Too many.', retryAfter: 300_000 },
}

it.each(['while the carrier’s wait goes on', 'while the request is out'])(
  'asked for by hand %s, it is read at once',
  async (when) => {
    const clock = manualClock(0)
    const hurry = new Hurry()
    let requests = 0
    const read = patiently(
      () => {
        requests += 1
        if (requests > 1) return Promise.resolve<Outcome<string>>({ ok: true, value: 'a page' })
        if (when === 'while the request is out') hurry.ask()
        return Promise.resolve(LIMITED)
      },
      { clock, signal: new AbortController().signal, pause: 0, hurry },
    )
    // The answer is taken in by then, and what it has to wait for is waited for.
    await new Promise((resolve) => setImmediate(resolve))
    if (when !== 'while the request is out') {
      expect(clock.waiting).toBe(1)
      hurry.ask()
    }
    expect(await read).toBe('a page')
    expect([clock.now(), clock.waiting]).toEqual([0, 0])
  },
)
