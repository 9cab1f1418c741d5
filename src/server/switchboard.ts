import type { Handlers, SettingsView, World } from '../shared/contract.ts'
import { SwitchboardError } from '../shared/errors.ts'
import type { Carrier } from './carrier/carrier.ts'
import type { MediaSource } from './carrier/twilio-media.ts'
import { type Commands, createCommands } from './commands.ts'
import type { WorldEnd } from './console/console.ts'
import { keepConsent } from './console/consent.ts'
import { ContactBook } from './console/contact-book.ts'
import { contactHandlers } from './console/contact-handlers.ts'
import { Feed } from './console/feed.ts'
import { sendingHandlers } from './console/sending-handlers.ts'
import { sessionHandlers } from './console/session-handlers.ts'
import { settingsHandlers, settingsView } from './console/settings-handlers.ts'
import { NO_CATCH_UP, Truth } from './console/truth.ts'
import { Undo } from './console/undo.ts'
import { isOptedOut, Views } from './console/views.ts'
import { createSessionActs, type SessionActs } from './intake/acts.ts'
import { ArrivalClock } from './intake/arrival.ts'
import { Conversations } from './intake/conversations.ts'
import { createEdits } from './intake/edits.ts'
import { createIntake } from './intake/intake.ts'
import { Lanes } from './intake/lanes.ts'
import { idOfDraft } from './intake/outgoing.ts'
import type { Intake } from './intake/types.ts'
import { openOnFirstFree } from './first-free.ts'
import { afterCallback, createOutbox, localSid, type Outbox } from './outbox/index.ts'
import {
  answerMedia,
  createDownloads,
  filesToSend,
  mediaHandlers,
  SignedMedia,
} from './media/index.ts'
import { backoff } from './outbox/backoff.ts'
import type { Clock, Ids, Log } from './ports.ts'
import { replyMedia } from './reply-media.ts'
import {
  checkReplySetting,
  createReplies,
  REAL_DEFAULTS,
  replyValues,
  type ReplySettings,
  type Responder,
  rules,
} from './replies/index.ts'
import { type ParsedSetting, parseSetting, settingValues } from './settings/catalogue.ts'
import { createStore, type FolderStore, type StoreOptions } from './store/index.ts'
import { holdLocaltunnel } from './tunnel/localtunnel.ts'
import type { Tunnel } from './tunnel/tunnel.ts'
import { createWebhooks } from './webhooks/app.ts'
import { Refusal } from './webhooks/refusal.ts'

export interface Credentials {
  accountSid?: string
  authToken: string
}

export interface SwitchboardOptions {
  /** Which world this is: screens mark a simulation everywhere. */
  world: World
  /** The data folder; made when it is not there. */
  folder: string
  clock: Clock
  ids: Ids
  /** Made before anything else, so that it can tell of everything. */
  log: Log
  /** None: every webhook is refused. Asked for each request, so that they may change while it runs. */
  credentials: () => Credentials | undefined
  /** Where webhooks listen on 127.0.0.1: the ports to try, in order; 0 = any. Undefined: nowhere (a command that only writes). */
  webhookPorts?: readonly number[]
  /** The address Twilio calls, when it is not the tunnel's. */
  publicUrl?: string
  tunnel?: 'none' | 'localtunnel'
  version: string
  /** Who carries what we send; undefined while there is no account, and everything waits. */
  carrier?: () => Carrier | undefined
  /** Where the files of messages are; undefined while there is no account, and they wait there. */
  files?: () => MediaSource | undefined
  /** Who answers when the operator does not, and what holds until something is set; by default the rules, switched off. */
  replies?: { responder: Responder; defaults: ReplySettings }
  /** What another part of the program answers: the simulation's phones, the machine. */
  handlers?: Partial<Handlers>
  /** Sets the clock of a simulation to a time (ms) and holds it there until the function given back is called. */
  setTime?: (at: number) => Promise<() => void>
  /** For tests: faults of the disk, smaller journals. */
  store?: Pick<StoreOptions, 'disk' | 'recordsPerFile' | 'recordsPerCheckpoint'>
}

export interface Switchboard {
  readonly world: World
  readonly store: FolderStore
  readonly intake: Intake
  readonly acts: SessionActs
  readonly end: WorldEnd
  readonly truth: Truth
  readonly outbox: Outbox
  readonly commands: Commands
  /** Where webhooks listen, e.g. http://127.0.0.1:4400; empty when they don't. */
  readonly webhooks: string
  /** Resolves when nothing is being answered or sent any more; what waits for the clock doesn't count. */
  idle(): Promise<void>
  /** Stops taking, finishes what is under way, brings the documents up to date, lets the folder go. */
  close(): Promise<void>
}

/** Wires everything of one world: the only place that does. Throws SwitchboardError when the folder can't be opened. */
export async function createSwitchboard(options: SwitchboardOptions): Promise<Switchboard> {
  const { world, folder, clock, ids, log, credentials, version } = options
  const store = await createStore({ folder, clock, ids, log, ...options.store })
  try {
    await keepWorldsApart(store, world)
  } catch (error) {
    await store.close()
    throw error
  }

  const arrival = new ArrivalClock(clock, newestTime(store))
  const lanes = new Lanes()
  const conversations = new Conversations(store, ids, arrival)
  const edit = createEdits(store, lanes, arrival)
  const intake = createIntake({
    store,
    conversations,
    lanes,
    arrival,
    ids,
    log,
    edit,
    afterStatus: afterCallback,
    localSid,
  })
  const acts = createSessionActs({ store, conversations, lanes, arrival, ids })
  await acts.finishRegrouping().catch((error: unknown) => {
    log.error('An interrupted regrouping could not be finished; the next start goes on with it.', error)
  })

  const truth = new Truth(
    {
      world,
      listening: false,
      stopped: false,
      webhooks: '',
      publicBase: options.publicUrl ?? null,
      lastWebhookAt: null,
      account: credentials() ? (world === 'simulation' ? 'simulation' : 'set') : 'none',
      simulationRunning: world === 'simulation',
      dataFolder: folder,
      version,
      parts: [],
      catchUp: NO_CATCH_UP,
    },
    clock,
    () => store.outbox().length,
  )
  const stopWatching = watchStore(store, truth)
  const contacts = new ContactBook(store, clock, ids)
  const stopConsent = await keepConsent({ store, contacts, log })
  const replyDefaults = options.replies?.defaults ?? REAL_DEFAULTS
  const parse = (key: string, value: unknown): ParsedSetting => parseSetting(key, value, checkReplySetting)
  const settings = (): SettingsView =>
    settingsView(store, {
      ...settingValues(store.settings()),
      ...replyValues(store.settings(), replyDefaults),
    })
  const views = new Views({
    store,
    contacts,
    clock,
    gaps: () => conversations.gaps(),
    hasAccount: () => credentials() !== undefined,
    settings,
  })
  const feed = new Feed(world, store, views, clock, log)
  truth.connect((event) => {
    feed.tell(event)
  })
  const undo = new Undo(ids)
  let address = ''
  let bases: readonly string[] =
    options.publicUrl === undefined ? [] : [options.publicUrl.replace(/\/+$/, '')]
  /** Where the world reaches us: in a simulation the carrier is on this machine, else an address of this machine is none. */
  const publicBase = (): string | undefined =>
    world === 'simulation' ? bases[0] : bases.find((base) => base !== address)
  const signed = new SignedMedia(clock, () => credentials()?.authToken)
  const downloads = createDownloads({
    store,
    blobs: store.blobs,
    source: options.files ?? (() => undefined),
    edit,
    clock,
    log,
    wait: (attempts) => backoff(attempts, Math.random, 5_000, 3_600_000),
  })
  const outbox = createOutbox({
    store,
    carrier: options.carrier ?? (() => undefined),
    clock,
    ids,
    log,
    edit,
    statusCallbackBase: () => bases[0],
    mediaUrl: ({ url, file }) => {
      if (!file) return url
      const [base, name] = [publicBase(), signed.sign(file.hash)]
      return base !== undefined && name !== undefined ? `${base}/media/${name}` : undefined
    },
    mayWrite: (message) => {
      const bar = views.composer(
        message,
        store.key(message),
        isOptedOut(contacts.get(message.contact), message),
      )
      return bar?.code === 'opted_out'
        ? { code: 21_610, sentence: bar.sentence }
        : bar?.code === 'window_closed'
          ? { code: 63_016, sentence: bar.sentence }
          : undefined
    },
  })
  const replies = createReplies({
    store,
    responder: options.replies?.responder ?? rules,
    defaults: replyDefaults,
    clock,
    log,
    mayWrite: (message) =>
      views.composer(message, store.key(message), isOptedOut(contacts.get(message.contact), message)) ===
      null,
    send: async ({ to, body, answered_by }) => {
      await intake.outgoing({
        medium: to.communication_type,
        channel_id: to.channel_id,
        contact: to.contact,
        body,
        sender: 'ai',
        answered_by,
        answers: to.sid,
      })
      outbox.kick()
    },
  })
  const end: WorldEnd = {
    feed,
    handlers: {
      'truth.get': () => truth.view(),
      ...sessionHandlers({ store, views, acts, lanes, undo }),
      ...contactHandlers({ store, views, contacts, undo }),
      ...settingsHandlers({
        store,
        acts,
        clock,
        ids,
        undo,
        parse,
        view: settings,
      }),
      ...sendingHandlers({
        store,
        views,
        contacts,
        intake,
        idOfDraft,
        outbox,
        files: (hashes, medium) => filesToSend(store.blobs, hashes, medium),
        isReachable: () => publicBase() !== undefined,
      }),
      ...mediaHandlers(store.blobs, downloads),
      'acts.undo': ({ undo: token }) => undo.take(token),
      ...ELSEWHERE,
      ...options.handlers,
    },
  }

  const webhooks = createWebhooks({
    // What comes by webhook is answered, where rules say so, after it is durable and without keeping Twilio waiting.
    intake: {
      ...intake,
      message: async (message, source) => {
        const taken = await intake.message(message, source)
        replies.take(taken, source)
        return taken
      },
    },
    log,
    clock,
    credentials: () => {
      const set = credentials()
      return (
        set && {
          authTokens: [set.authToken],
          ...(set.accountSid !== undefined && { accountSid: set.accountSid }),
        }
      )
    },
    publicBases: () => bases,
    media: async (ctx, name) => {
      const hash = signed.read(name)
      const file = hash === undefined ? undefined : await store.blobs.open(hash)
      if (!file) throw new Refusal(404, 'not_found')
      replyMedia(ctx, await answerMedia(file, ctx.get('range') || null))
    },
    onTaken: ({ at }) => {
      truth.set({ lastWebhookAt: at })
    },
  })
  /** What goes with the world, last the folder. */
  const letGo = async (): Promise<void> => {
    stopWatching()
    truth.close()
    feed.close()
    stopConsent()
    contacts.close()
    await store.close()
  }
  const port =
    options.webhookPorts &&
    (await openOnFirstFree((wanted) => webhooks.listen(wanted), options.webhookPorts).catch(
      async (error: unknown) => {
        await letGo()
        throw error
      },
    ))
  address = port ? `http://127.0.0.1:${String(port.port)}` : ''
  if (bases.length === 0 && port) bases = [address]
  let tunnel: Tunnel | undefined
  if (port && options.tunnel === 'localtunnel') {
    tunnel = holdLocaltunnel(
      { port: port.port, subdomain: subdomainOf(ids), clock, random: Math.random },
      {
        onUp: (url) => {
          // Requests signed for the address before are still under way.
          bases = [url, ...bases.filter((b) => b !== url)].slice(0, 3)
          log.info(`The tunnel is up: ${url}`)
          truth.solved('tunnel_down')
          truth.set({ publicBase: url })
        },
        onDown: (reason) => {
          log.warn(`The tunnel is down (${reason}); it is being opened again`)
          truth.problem('tunnel_down', { reason })
        },
      },
    )
  }
  truth.set({ listening: port !== undefined, webhooks: address })
  if (port) {
    await outbox.start()
    downloads.start()
  }

  return {
    world,
    store,
    intake,
    acts,
    end,
    truth,
    outbox,
    idle: async () => {
      await replies.idle()
      await outbox.idle()
      await downloads.idle()
    },
    webhooks: address,
    commands: createCommands({
      parse,
      store,
      intake,
      acts,
      clock,
      ids,
      signing: () => {
        const set = credentials()
        return (
          set &&
          port && {
            authToken: set.authToken,
            accountSid: set.accountSid ?? '',
            base: bases[0] ?? address,
            address,
          }
        )
      },
      ...(options.setTime && { setTime: options.setTime }),
    }),
    async close() {
      truth.set({ stopped: true, listening: false })
      tunnel?.close()
      await port?.close()
      await replies.idle()
      await outbox.stop()
      await downloads.stop()
      await letGo()
    },
  }
}

const notHere = (): never => {
  throw new SwitchboardError('not_possible', { what: 'This is not possible here.' })
}

/** Requests that only the desktop app or a simulation can answer. */
const ELSEWHERE = {
  'simulation.start': notHere,
  'simulation.stop': notHere,
  'phone.text': notHere,
  'phone.call': notHere,
  'phone.advance': notHere,
  'phone.scenario': notHere,
  'phone.get': notHere,
  'live.get': notHere,
  'live.account': notHere,
  'live.forget': notHere,
  'live.numbers': notHere,
  'live.choose': notHere,
  'live.way': notHere,
  'live.go': notHere,
  'live.leave': notHere,
  'live.test': notHere,
  'tunnel.retry': notHere,
  'catch_up.start': notHere,
  'catch_up.cancel': notHere,
  'catch_up.seen': notHere,
  'backup.now': notHere,
  'support.log': notHere,
  'app.open_folder': notHere,
  'app.open_link': notHere,
  'app.get': notHere,
  'app.set': notHere,
  'app.painted': () => ({}),
} satisfies Partial<Handlers>

/** Simulated and real messages never share a folder: a simulation can be thrown away. */
async function keepWorldsApart(store: FolderStore, world: World): Promise<void> {
  const kind = store.settings().get(WORLD)
  const isEmpty = store.seq === 0 || store.counts().all === 0
  if (kind === undefined && isEmpty && world === 'simulation')
    await store.commit({ why: 'simulation', settings: [{ _id: WORLD, value: world }] })
  else if ((kind ?? 'real') !== world) {
    const what =
      world === 'simulation'
        ? 'This folder holds real data, and a simulation needs one of its own. Give another with --data.'
        : 'This folder holds a simulation. Real messages need one of their own; give another with --data.'
    throw new SwitchboardError('not_possible', { what })
  }
}

const WORLD = 'data.world'

/** The newest time in the store, ms: no later arrival may be before it. */
function newestTime(store: FolderStore): number {
  const [newest] = store.sessions({ limit: 1 }).sessions
  return newest ? Date.parse(newest.last_message_at) : 0
}

/** Tells the line of truth when the disk is full or failing, and when it is well again. */
function watchStore(store: FolderStore, truth: Truth): () => void {
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

/** 128 unguessable bits in the letters a host name may have. */
function subdomainOf(ids: Ids): string {
  return `sb-${Buffer.from(ids.secret(16), 'base64url').toString('hex')}`
}
