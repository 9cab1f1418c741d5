import fc from 'fast-check'
import { expect, it } from 'vitest'
import { manualClock } from '../../src/server/system/index.ts'
import {
  createTunnelSupervisor,
  type OpenTunnel,
  type Proof,
  type Provider,
} from '../../src/server/tunnel/index.ts'

type Event =
  | {
      kind:
        | 'opened'
        | 'opened by another name'
        | 'refused'
        | 'lost'
        | 'proved'
        | 'unproved'
        | 'retry'
        | 'close'
        | 'open'
    }
  | { kind: 'time'; ms: number }

const event: fc.Arbitrary<Event> = fc.oneof(
  fc.constantFrom<Event>(
    { kind: 'opened' },
    { kind: 'opened by another name' },
    { kind: 'refused' },
    { kind: 'lost' },
    { kind: 'proved' },
    { kind: 'unproved' },
    { kind: 'retry' },
    { kind: 'close' },
    { kind: 'open' },
  ),
  fc.integer({ min: 1, max: 40_000 }).map((ms): Event => ({ kind: 'time', ms })),
)

/** A provider and a probe that answer when a test says so. */
function world() {
  const clock = manualClock(Date.UTC(2025, 0, 15))
  const opening: { resolve: (tunnel: OpenTunnel) => void; reject: (error: Error) => void }[] = []
  const probes: ((proof: Proof) => void)[] = []
  const open = new Set<{ lose: (reason: string) => void }>()
  let most = 0
  let made = 0
  const provider: Provider = {
    open: () => new Promise((resolve, reject) => opening.push({ resolve, reject })),
  }
  const supervisor = createTunnelSupervisor({
    clock,
    random: () => 0.5,
    provider: (way) => (way.kind === 'none' ? undefined : provider),
    probe: () => new Promise((resolve) => probes.push(resolve)),
  })
  const tunnel = (isAsAsked = true): OpenTunnel => {
    const self = { lose: (_: string): void => undefined }
    open.add(self)
    most = Math.max(most, open.size)
    return {
      isAsAsked,
      url: `https://name-${String((made += 1))}.example`,
      onLost: (listener) => (self.lose = listener),
      close: () => void open.delete(self),
    }
  }
  const happen = (it: Event): void => {
    if (it.kind === 'time') clock.advance(it.ms)
    else if (it.kind === 'opened') opening.shift()?.resolve(tunnel())
    else if (it.kind === 'opened by another name') opening.shift()?.resolve(tunnel(false))
    else if (it.kind === 'refused') opening.shift()?.reject(new Error('its server refuses'))
    else if (it.kind === 'lost') for (const one of open) one.lose('it was cut')
    else if (it.kind === 'proved') probes.shift()?.({ ok: true })
    else if (it.kind === 'unproved') probes.shift()?.({ ok: false, reason: 'something else answers there' })
    else if (it.kind === 'retry') supervisor.retry()
    else if (it.kind === 'close') supervisor.close()
    else supervisor.open({ kind: 'localtunnel', url: '' })
  }
  return { clock, supervisor, happen, open, opening, tunnel, most: () => most }
}

const settle = () => new Promise((resolve) => setImmediate(resolve))

it('whatever happens in whatever order: its state is what is so, and after close nothing is left', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 40 }), async (events) => {
      const { clock, supervisor, happen, open, opening, tunnel } = world()
      supervisor.open({ kind: 'localtunnel', url: '' })
      for (const one of events) {
        happen(one)
        await settle()
        // One that opened too late is closed at once: of those still open at rest there is one at most.
        expect(open.size).toBeLessThanOrEqual(1)
        const { state, url, next_try_at, history } = supervisor.view()
        expect(open.size).toBe(state === 'checking' || state === 'up' ? 1 : 0)
        expect(next_try_at !== null).toBe(state === 'down')
        if (state === 'up') expect(url).not.toBeNull()
        expect(history.length).toBeLessThanOrEqual(50)
        expect(supervisor.bases().length).toBeLessThanOrEqual(5)
      }
      supervisor.close()
      // What was being opened comes late.
      for (const late of opening.splice(0)) late.resolve(tunnel())
      await settle()
      expect(open.size).toBe(0)
      expect(clock.waiting).toBe(0)
      expect(supervisor.view()).toMatchObject({ state: 'off', next_try_at: null })
    }),
    { numRuns: 300 },
  )
})

it('names an address to Twilio only once it was proved to lead here, and none while it is lost', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 40 }), async (events) => {
      const { supervisor, happen } = world()
      const proved = new Set<string>()
      supervisor.onChange(({ state, url }) => {
        if (state === 'up' && url !== null) proved.add(url)
      })
      supervisor.open({ kind: 'localtunnel', url: '' })
      for (const one of events) {
        happen(one)
        await settle()
        const base = supervisor.callbackBase()
        if (base !== undefined) expect(proved).toContain(base)
        const { state, url } = supervisor.view()
        if (state === 'up') expect(base).toBe(url)
        if (state === 'off') expect(base).toBeUndefined()
      }
      supervisor.close()
    }),
    { numRuns: 300 },
  )
})

it('tries at once when asked to, and gives up on what has been opening for long', async () => {
  const { clock, supervisor, happen, opening } = world()
  supervisor.open({ kind: 'localtunnel', url: '' })
  happen({ kind: 'retry' })
  expect(opening).toHaveLength(1)
  // The machine slept for a while in the middle of it: whatever becomes of that, a new one is opened.
  clock.advance(6_000)
  happen({ kind: 'retry' })
  expect(opening).toHaveLength(2)
  for (const kind of ['refused', 'refused'] as const) {
    happen({ kind })
    await settle()
  }
  // The first of them was not waited for any more.
  expect(supervisor.view()).toMatchObject({ state: 'down', tries: 1 })
  clock.advance(2_000)
  happen({ kind: 'refused' })
  await settle()
  expect(supervisor.view()).toMatchObject({ state: 'down', tries: 2 })
  happen({ kind: 'retry' })
  expect(supervisor.view()).toMatchObject({ state: 'opening', next_try_at: null })
  expect(opening).toHaveLength(1)
})

it('checks at once when asked to while it is up', async () => {
  const { clock, supervisor, happen } = world()
  supervisor.open({ kind: 'localtunnel', url: '' })
  for (const kind of ['opened', 'proved', 'retry', 'unproved'] as const) {
    happen({ kind })
    await settle()
  }
  clock.advance(2_000)
  happen({ kind: 'unproved' })
  await settle()
  // Two seconds after it was asked, instead of the ten and more it takes by itself.
  expect(supervisor.view().state).toBe('down')
})

it('waits longer and longer, to a minute, and begins anew once it was up', async () => {
  const { clock, supervisor, happen } = world()
  supervisor.open({ kind: 'localtunnel', url: '' })
  const waits: number[] = []
  for (let n = 0; n < 7; n++) {
    happen({ kind: 'refused' })
    await settle()
    const { next_try_at } = supervisor.view()
    waits.push(Date.parse(next_try_at ?? '') - clock.now())
    clock.set(Date.parse(next_try_at ?? ''))
  }
  expect(waits).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000])
  happen({ kind: 'opened' })
  await settle()
  happen({ kind: 'proved' })
  await settle()
  expect(supervisor.view()).toMatchObject({ state: 'up', tries: 0 })
  happen({ kind: 'lost' })
  expect(Date.parse(supervisor.view().next_try_at ?? '') - clock.now()).toBe(2_000)
})
