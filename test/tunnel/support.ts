import type { ManualClock } from '../../src/server/system/index.ts'
import type { TunnelView } from '../../src/shared/live.ts'
import type { TunnelSupervisor } from '../../src/server/tunnel/index.ts'

/** Resolves when the way in is in this state: at once when it is. */
export function reached(tunnel: TunnelSupervisor, state: TunnelView['state']): Promise<TunnelView> {
  const now = tunnel.view()
  return now.state === state ? Promise.resolve(now) : next(tunnel, state)
}

/** Resolves when the way in comes to this state the next time. */
export function next(tunnel: TunnelSupervisor, state: TunnelView['state']): Promise<TunnelView> {
  return new Promise((resolve) => {
    const stop = tunnel.onChange((view) => {
      if (view.state !== state) return
      stop()
      resolve(view)
    })
  })
}

/** Moves the clock to the next try. */
export function toNextTry(clock: ManualClock, tunnel: TunnelSupervisor): void {
  const at = tunnel.view().next_try_at
  if (at === null) throw new Error('no try is waited for')
  clock.advance(Date.parse(at) - clock.now())
}

/** Moves the clock from try to try until the way in is open: a name just given up is not given again at once. */
export async function backUp(clock: ManualClock, tunnel: TunnelSupervisor): Promise<TunnelView> {
  for (;;) {
    const settled = Promise.race([next(tunnel, 'up'), next(tunnel, 'down')])
    toNextTry(clock, tunnel)
    const view = await settled
    if (view.state === 'up') return view
  }
}

/** Moves the clock until something comes of it, where nothing but the clock can bring it about. Resolves with how long. */
export async function pressOn(clock: ManualClock, until: Promise<unknown>): Promise<number> {
  const began = clock.now()
  const over = new AbortController()
  void until.then(() => over.abort())
  for (;;) {
    // Whatever is ready to happen happens before the clock moves on.
    await new Promise((done) => setImmediate(done))
    if (over.signal.aborted) return clock.now() - began
    if (clock.now() - began > 120_000) throw new Error('nothing came of it in two minutes')
    clock.advance(250)
  }
}
