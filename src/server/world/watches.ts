import type { Truth } from '../console/truth.ts'
import type { Log } from '../ports.ts'
import type { Store } from '../store/types.ts'
import type { TunnelSupervisor } from '../tunnel/tunnel.ts'

/** Tells the line of truth when the disk is full or failing, and when it is well again. */
export function watchStore(store: Store, truth: Truth): () => void {
  const stopState = store.onState((state) => {
    if (state.state === 'full') truth.problem('disk_full')
    else truth.solved('disk_full')
    if (state.state === 'failed') truth.problem('disk_failed', { reason: state.reason })
    else truth.solved('disk_failed')
  })
  const stopOutbox = store.onCommit((commit) => {
    if (commit.outbox || commit.removed) truth.outboxChanged()
  })
  return () => {
    stopState()
    stopOutbox()
  }
}

/** The line of truth says where the way in leads, and when it leads nowhere. */
export function watchTunnel(tunnel: TunnelSupervisor, truth: Truth, log: Log, onUp: () => void): void {
  let before = tunnel.view()
  tunnel.onChange((view) => {
    truth.set({
      publicBase: view.url,
      isOpening: view.state === 'opening' || view.state === 'checking',
    })
    if (view.state === 'down') truth.problem('tunnel_down', { reason: view.reason })
    else if (view.state === 'up' || view.state === 'off') truth.solved('tunnel_down')
    if (view.state === 'up' && before.state !== 'up') {
      log.info(`The way in is open: ${view.url ?? ''}`)
      onUp()
    }
    if (view.state === 'down' && before.state !== 'down')
      log.warn(`The way in is down (${view.reason}); it is being opened again`)
    before = view
  })
}
