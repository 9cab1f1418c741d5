import type {
  CountsView,
  FeedEvent,
  RequestInput,
  RequestName,
  Results,
  SessionView,
  SettingsView,
  TruthView,
} from '../shared/contract.ts'
import type { Message } from '../shared/documents.ts'
import type { ConsoleClient, ConsoleHost } from './host.ts'

export interface ConsoleWatcher {
  counts(counts: CountsView): void
  /** Each once, when it is taken: a file that came for it, or the end of a call, is no other message. */
  message(message: Message, session: SessionView): void
  session(session: SessionView): void
  settings(settings: SettingsView): void
  truth(truth: TruthView): void
}

/**
 * The desktop app itself as a client of the console, by the same contract as any screen: what the tray, the badge and
 * notifications show can't differ from what the page shows. Resolves once the state so far has been told.
 */
export async function watchConsole(
  console: ConsoleHost['console'],
  tell: ConsoleWatcher,
): Promise<() => void> {
  const client: ConsoleClient = { id: 'desktop', send: (event) => receive(event) }
  let telling = Promise.resolve()

  async function ask<Name extends RequestName>(
    name: Name,
    input: RequestInput<Name>,
  ): Promise<Results[Name] | null> {
    const result = await console.handle({ world: 'real', name, input }, client)
    // The console answers a name with that name's result; the contract test holds it to that.
    return result.ok ? (result.value as Results[Name]) : null
  }

  async function readCounts(): Promise<void> {
    const list = await ask('sessions.list', { limit: 1 })
    if (list) tell.counts(list.counts)
  }

  function receive(event: FeedEvent): void {
    if (event.world !== 'real') return
    switch (event.kind) {
      case 'changes':
        tell.counts(event.counts)
        for (const { seq, sessions = [], messages = [], settings } of event.changes) {
          if (settings) tell.settings(settings)
          for (const session of sessions) tell.session(session)
          for (const message of messages) if (!isOlder(message, seq)) tellNext(message, sessions)
        }
        break
      case 'truth':
        tell.truth(event.truth)
        break
      case 'reset':
        void readCounts()
        break
      case 'open':
      case 'live':
        break
      default:
        event satisfies never
    }
  }

  /** In their order: of some the session has to be asked for first, and the last words are what is to be seen. */
  function tellNext(message: Message, sessions: readonly SessionView[]): void {
    const tellIt = () => tellMessage(message, sessions)
    telling = telling.then(tellIt, tellIt)
  }

  async function tellMessage(message: Message, sessions: readonly SessionView[]): Promise<void> {
    const session =
      sessions.find(({ _id }) => _id === message.session_id) ??
      (await ask('sessions.get', { id: message.session_id }))
    if (session) tell.message(message, session)
  }

  await ask('feed.start', {})
  const [settings, truth] = await Promise.all([ask('settings.get', {}), ask('truth.get', {})])
  if (settings) tell.settings(settings)
  if (truth) tell.truth(truth)
  await readCounts()
  return () => console.leave(client.id)
}

/** It was taken before this change, which only says something new of it, or where it is now. */
const isOlder = (message: Message, seq: number): boolean => message.seq !== undefined && message.seq < seq
