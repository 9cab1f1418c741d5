import type { PowerMonitor, PowerSaveBlocker } from 'electron'
import type { TruthView } from '../shared/contract.ts'
import type { ConsoleHost } from './host.ts'

export interface Power {
  /** `live`: a real account listens. `allowed`: the operator's setting. */
  update(state: { live: boolean; allowed: boolean }): void
  stop(): void
}

/**
 * Whether messages are meant to arrive. Also while the way in is lost or being opened: asleep, nobody would open it
 * again, and a system that was only held awake sleeps at once.
 */
export const isLive = ({ account, state }: Pick<TruthView, 'account' | 'state'>): boolean =>
  account === 'set' && state !== 'stopped'

/**
 * Tells the server of sleep, and keeps the machine awake while it is live, on mains power, and allowed to: a sleeping
 * machine takes no webhook, and an empty battery takes none either.
 */
export function watchPower(
  monitor: PowerMonitor,
  blocker: Pick<PowerSaveBlocker, 'start' | 'stop'>,
  host: Pick<ConsoleHost, 'sleep' | 'wake'>,
): Power {
  let wanted = false
  let held: number | null = null

  const settle = () => {
    const should = wanted && !monitor.isOnBatteryPower()
    if (should && held === null) held = blocker.start('prevent-app-suspension')
    if (!should && held !== null) {
      blocker.stop(held)
      held = null
    }
  }
  const sleep = () => host.sleep()
  const wake = () => host.wake()

  monitor.on('suspend', sleep)
  monitor.on('resume', wake)
  monitor.on('on-ac', settle)
  monitor.on('on-battery', settle)

  return {
    update({ live, allowed }) {
      wanted = live && allowed
      settle()
    },
    stop() {
      wanted = false
      settle()
      monitor.off('suspend', sleep)
      monitor.off('resume', wake)
      monitor.off('on-ac', settle)
      monitor.off('on-battery', settle)
    },
  }
}
