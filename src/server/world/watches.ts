import type { ErrorCode } from '../../shared/errors.ts'
import type { LiveView, NumberView } from '../../shared/live.ts'
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

/** The line of truth says when numbers that are to come here do not, though the way in is open. */
export function watchNumbers(truth: Truth): (view: LiveView) => void {
  return (view) => {
    // Being put right, perhaps: what was said of them holds until it is known.
    if (isExpected(view) && view.doing !== '') return
    const found = isExpected(view) && !view.live ? whyNotHere(view) : undefined
    for (const code of NUMBERS) if (code !== found?.code) truth.solved(code)
    if (found) truth.problem(found.code, found.details)
  }
}

const NUMBERS = [
  'numbers_elsewhere',
  'numbers_overridden',
  'numbers_gone',
  'numbers_unread',
] as const satisfies ErrorCode[]

/** Nothing else that is said already keeps the numbers from leading here. */
const isExpected = ({ wanted, tunnel, account }: LiveView): boolean =>
  wanted &&
  (tunnel.state === 'up' || tunnel.state === 'off') &&
  (account.state === 'good' || account.state === 'unreached')

function whyNotHere({ numbers, problem }: LiveView) {
  const chosen = numbers.filter((number) => number.chosen)
  if (chosen.length === 0)
    return problem === '' ? undefined : { code: 'numbers_unread' as const, details: { why: problem } }
  const away = chosen.filter(({ state }) => state !== 'here')
  // What a button can put right comes first.
  const [first, ...others] = away.toSorted(
    (a, b) => Number(codeOf(a) !== 'numbers_elsewhere') - Number(codeOf(b) !== 'numbers_elsewhere'),
  )
  if (!first) return undefined
  return {
    code: codeOf(first),
    details: {
      numbers: [first.number, others.length > 0 && `${String(others.length)} more`]
        .filter(Boolean)
        .join(' and '),
      why: first.problem || problem || 'At Twilio it leads elsewhere.',
    },
  }
}

function codeOf({ state }: NumberView) {
  if (state === 'overridden') return 'numbers_overridden' as const
  if (state === 'unread') return 'numbers_unread' as const
  return state === 'gone' ? ('numbers_gone' as const) : ('numbers_elsewhere' as const)
}
