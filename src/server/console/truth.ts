import type { FeedEvent, TruthView, World } from '../../shared/contract.ts'
import { type Details, type ErrorCode, sentence } from '../../shared/errors.ts'
import type { CatchUpView, StatusPart } from '../../shared/live.ts'
import type { Clock } from '../ports.ts'

/** What the line of truth is made of; whoever knows a part of it sets that part. */
export interface TruthFacts {
  world: World
  listening: boolean
  stopped: boolean
  webhooks: string
  publicBase: string | null
  /** The first time since it was chosen, a way in is being opened or checked: nobody is known to reach us yet. */
  isOpening: boolean
  lastWebhookAt: number | null
  /** Requests refused for their signature since the last that was taken; `since` in ms. Null: none. */
  refusedWebhooks: { count: number; since: number } | null
  account: TruthView['account']
  simulationRunning: boolean
  dataFolder: string
  version: string
  catchUp: CatchUpView
}

/** News of the line of truth is held this long, so that a burst of webhooks tells it once. */
const HOLD_MS = 200

/** The always visible line: what is so, what is wrong, and the one thing to do. */
export class Truth {
  readonly #facts: TruthFacts
  readonly #problems = new Map<ErrorCode, Details>()
  readonly #clock: Clock
  readonly #outbox: () => number
  #takeBack: (() => void) | undefined
  #tell: ((event: FeedEvent) => void) | undefined
  #parts: () => StatusPart[] = () => []

  constructor(facts: TruthFacts, clock: Clock, outbox: () => number) {
    this.#facts = facts
    this.#clock = clock
    this.#outbox = outbox
  }

  /** From now on changes are told to screens. */
  connect(tell: (event: FeedEvent) => void): void {
    this.#tell = tell
  }

  /** Who says how each part is, asked each time. */
  describe(parts: () => StatusPart[]): void {
    this.#parts = parts
    this.#changed()
  }

  get facts(): Readonly<TruthFacts> {
    return this.#facts
  }

  /** A part is not as it was. */
  changed(): void {
    this.#changed()
  }

  set(facts: Partial<TruthFacts>): void {
    Object.assign(this.#facts, facts)
    this.#changed()
  }

  /** Tells at once what would be told in a moment, because it may not be so any more by then. */
  tellNow(): void {
    this.#takeBack?.()
    this.#takeBack = undefined
    this.#tell?.({ kind: 'truth', world: this.#facts.world, truth: this.view() })
  }

  problem(code: ErrorCode, details: Details = {}): void {
    this.#problems.set(code, details)
    this.#changed()
  }

  solved(code: ErrorCode): void {
    if (this.#problems.delete(code)) this.#changed()
  }

  outboxChanged(): void {
    this.#changed()
  }

  view(): TruthView {
    const f = this.#facts
    const problems = [...this.#problems].map(([code, details]) => ({
      code,
      sentence: sentence(code, details),
    }))
    const unset = f.account === 'none'
    const state = f.stopped
      ? 'stopped'
      : !f.listening
        ? 'starting'
        : problems.length > 0
          ? 'trouble'
          : unset
            ? 'stopped'
            : f.isOpening
              ? 'starting'
              : 'listening'
    return {
      world: f.world,
      state,
      sentence:
        problems[0]?.sentence ??
        STATES[
          unset && state === 'stopped' ? 'unset' : f.listening && state === 'starting' ? 'opening' : state
        ],
      action: actionOf(problems[0]?.code, unset),
      webhooks: f.webhooks,
      public_base: f.publicBase,
      last_webhook_at: f.lastWebhookAt === null ? null : new Date(f.lastWebhookAt).toISOString(),
      outbox: this.#outbox(),
      problems,
      account: f.account,
      now: new Date(this.#clock.now()).toISOString(),
      data_folder: f.dataFolder,
      simulation_running: f.simulationRunning,
      version: f.version,
      parts: this.#parts(),
      catch_up: f.catchUp,
    }
  }

  close(): void {
    this.#takeBack?.()
    this.#tell = undefined
  }

  #changed(): void {
    if (this.#takeBack || !this.#tell) return
    this.#takeBack = this.#clock.after(HOLD_MS, () => {
      this.#takeBack = undefined
      this.#tell?.({ kind: 'truth', world: this.#facts.world, truth: this.view() })
    })
  }
}

/** The one thing to do: of the first problem, where there is one. */
function actionOf(problem: ErrorCode | undefined, isUnset: boolean): TruthView['action'] {
  if (problem === 'tunnel_down') return { label: 'Try now', request: 'tunnel.retry' }
  if (problem === 'account_unusable') return { label: 'Check the account', request: 'go_live' }
  if (problem === 'numbers_elsewhere') return { label: 'Point them here', request: 'live.go' }
  if (problem === 'numbers_unread') return { label: 'Try now', request: 'live.go' }
  if (problem === 'numbers_overridden' || problem === 'numbers_gone')
    return { label: 'Look at it', request: 'go_live' }
  return isUnset && problem === undefined ? { label: 'Try the test phone', request: 'go_phone' } : null
}

const STATES: Readonly<Record<TruthView['state'] | 'unset' | 'opening', string>> = {
  listening: 'Listening',
  starting: 'Starting',
  opening: 'Opening the way in',
  trouble: 'Something needs attention',
  stopped: 'Stopped',
  unset: 'No account yet: nothing is taken',
}
