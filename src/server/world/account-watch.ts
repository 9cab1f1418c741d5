import type { ErrorCode } from '../../shared/errors.ts'
import type { AccountView } from '../../shared/live.ts'
import type { Truth } from '../console/truth.ts'
import type { Clock } from '../ports.ts'

/** Whether Twilio takes the account, as it shows from both sides: what it answers, and how it signs. */
export interface AccountWatch {
  /** While it is, nothing is sent: it would be refused, and nobody would know of a STOP. */
  readonly isRefused: boolean
  /** How the account is now. */
  told(account: AccountView): void
  /** Another account or token was set: what was signed with which is another matter now. */
  changed(): void
  taken(at: number): void
  refused(code: ErrorCode): void
}

interface Parts {
  truth: Truth
  clock: Clock
  /** Has Twilio asked about the account. Called for each hint: to be cheap. */
  doubt: () => void
  /** From now on it is refused, which may pass. */
  onRefused: () => void
  /** It was refused and no longer is. */
  onUsable: () => void
}

/** One wrong signature is a stranger's, or a mistake; so many without a right one between them may be a renewed token. */
const DOUBTFUL_IN_A_ROW = 3

export function watchAccount({ truth, clock, doubt, onRefused, onUsable }: Parts): AccountWatch {
  let isRefused = false
  const none = { refusedWebhooks: null }
  return {
    get isRefused() {
      return isRefused
    },
    told({ state }) {
      const was = isRefused
      isRefused = state === 'refused'
      if (isRefused) truth.problem('account_unusable')
      else truth.solved('account_unusable')
      if (isRefused && !was) onRefused()
      if (isRefused || !was) return
      if (state === 'good') truth.set(none)
      onUsable()
    },
    changed() {
      truth.set(none)
    },
    taken(at) {
      truth.set({ lastWebhookAt: at, ...none })
    },
    refused(code) {
      if (code !== 'signature_wrong') return
      const before = truth.facts.refusedWebhooks
      const count = (before?.count ?? 0) + 1
      truth.set({ refusedWebhooks: { count, since: before?.since ?? clock.now() } })
      if (count >= DOUBTFUL_IN_A_ROW) doubt()
    },
  }
}
