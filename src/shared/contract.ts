/**
 * What a screen may ask of the console and what the console tells it: the whole surface between the two, whatever
 * carries it (Electron IPC, a WebSocket, memory). Requests are parsed on the receiving side with the schemas of
 * requests.ts. The renderer imports the types of this file only, so that zod stays out of the page (its CSP forbids
 * `new Function`).
 */
import type { Act, Channel, Contact, MediaFile, Message } from './documents.ts'
import type { ErrorCode } from './errors.ts'
import type { LiveView } from './live.ts'
import type { Request, RequestInput, RequestName, World } from './requests.ts'
import type {
  CountsView,
  SessionView,
  LineView,
  ContactView,
  TruthView,
  SettingsView,
  Template,
  ContentView,
  PhoneView,
  Made,
  AppView,
  Undoable,
} from './views.ts'

export * from './requests.ts'
export type * from './views.ts'

export interface Results {
  /** `of` names the data folder's data; `fresh`: what came since `after` is not known, read the lists. */
  'feed.start': { seq: number; world: World; of: string; fresh: boolean }
  'truth.get': TruthView
  'sessions.list': { sessions: SessionView[]; total: number; counts: CountsView; seq: number }
  'sessions.get': SessionView
  'sessions.messages': { messages: Message[]; more: boolean; seq: number }
  'contacts.list': { contacts: ContactView[]; total: number }
  'contacts.get': ContactView
  'channels.list': Channel[]
  'settings.get': SettingsView
  'templates.list': Template[]
  'sessions.close': Undoable
  'sessions.reopen': Undoable
  'sessions.merge': Undoable
  'sessions.split': Undoable
  'sessions.read': Undoable
  'sessions.unread': Undoable
  'sessions.mute': Undoable
  'acts.undo': { done: string }
  'contacts.save': Undoable
  'channels.save': Undoable
  'settings.set': Undoable
  'templates.save': Template
  'templates.remove': Undoable
  'content.list': ContentView[]
  'messages.send': Message
  'messages.retry': Message
  'media.add': MediaFile
  'media.keep': Record<string, never>
  'media.retry': Message
  'simulation.kept': { sessions: number }
  'simulation.start': PhoneView
  'simulation.stop': Record<string, never>
  'phone.text': PhoneView
  'phone.call': PhoneView
  'phone.advance': PhoneView
  'phone.scenario': PhoneView & { made: Made }
  'phone.get': PhoneView
  'phone.remove': PhoneView
  'live.get': LiveView
  'live.account': LiveView
  'live.forget': LiveView
  'live.numbers': LiveView
  'live.choose': LiveView
  'live.way': LiveView
  'live.go': LiveView
  'live.leave': LiveView
  'live.test': LiveView
  'tunnel.retry': Record<string, never>
  'catch_up.start': Record<string, never>
  'catch_up.cancel': Record<string, never>
  'catch_up.seen': Record<string, never>
  'backup.now': { file: string; bytes: number }
  'support.log': { name: string; text: string }
  'app.open_folder': Record<string, never>
  'app.save_file': Record<string, never>
  'app.open_link': Record<string, never>
  'app.get': AppView
  'app.set': Record<string, never>
  'app.painted': Record<string, never>
}

/** What happened, in the order it became durable. `seq` is the journal's and rises; a gap in it was of no interest to screens. */
export interface Change {
  seq: number
  sessions?: SessionView[]
  /** Where sessions began, went or parted: what that says of the others of their key. */
  lines?: LineView[]
  messages?: Message[]
  contacts?: Contact[]
  channels?: Channel[]
  acts?: Act[]
  settings?: SettingsView
  templates?: true
}

export type FeedEvent =
  /** Changes since the last event, batched; each once, in order. */
  | { kind: 'changes'; world: World; changes: Change[]; counts: CountsView }
  /** Too much was missed to be told one by one: read the lists again, then go on from `seq`. */
  | { kind: 'reset'; world: World; seq: number }
  | { kind: 'truth'; world: World; truth: TruthView }
  | { kind: 'phone'; world: 'simulation'; phone: PhoneView }
  | { kind: 'live'; world: World; live: LiveView }
  /** Show this session: a notification was clicked, or a second start asked for it. */
  | { kind: 'open'; world: World; session: string }

export interface Failure {
  code: ErrorCode
  message: string
}
/** Errors travel as values: Electron drops what an Error carries. */
export type Result<T> = { ok: true; value: T } | { ok: false; error: Failure }

export type Handlers = { [N in RequestName]: (input: Request<N>) => Promise<Results[N]> | Results[N] }

/** The line to the console. `refused`: it runs, and no longer knows this page, for it was started again since. */
export type LineState = 'open' | 'lost' | 'refused'

/** All that a screen knows of the console. */
export interface Transport {
  readonly kind: 'ipc' | 'websocket' | 'memory'
  request<N extends RequestName>(world: World, name: N, input: RequestInput<N>): Promise<Result<Results[N]>>
  /** Every feed event from now on; `feed.start` makes a world's begin. The returned function ends it. */
  subscribe(listener: (event: FeedEvent) => void): () => void
  /** The line itself: lost and found again. A transport in the same process never loses it. */
  onConnection(listener: (line: LineState) => void): () => void
}
