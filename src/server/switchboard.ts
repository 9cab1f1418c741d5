import type { Handlers, SettingsView, TruthView, World } from '../shared/contract.ts'
import type { AccountKeeper, Credentials } from './account.ts'
import type { WayView } from '../shared/live.ts'
import type { Carrier } from './carrier/carrier.ts'
import type { CarrierAccount } from './carrier/twilio-account.ts'
import type { ListingCarrier } from './carrier/lists.ts'
import type { MediaSource } from './carrier/twilio-media.ts'
import { type CatchUp, type CatchUpOptions, createCatchUp } from './catchup/catch-up.ts'
import { type Commands, createCommands } from './commands.ts'
import type { WorldEnd } from './console/console.ts'
import { createConsents, optOutOf } from './console/consent.ts'
import { createContents } from './console/contents.ts'
import { createCare } from './console/care.ts'
import { ContactBook } from './console/contact-book.ts'
import { contactHandlers } from './console/contact-handlers.ts'
import { Feed } from './console/feed.ts'
import { sendingHandlers } from './console/sending-handlers.ts'
import { sessionHandlers } from './console/session-handlers.ts'
import { settingsHandlers, settingsView } from './console/settings-handlers.ts'
import { outboxFacts, statusParts } from './console/status.ts'
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
import { keepWorldsApart, newestTime, subdomainOf } from './data-folder.ts'
import { ELSEWHERE } from './elsewhere.ts'
import { openOnFirstFree } from './first-free.ts'
import { afterCallback, createOutbox, localSid, type Outbox, senderOf, settleDoubt } from './outbox/index.ts'
import type { Clock, Ids, Log } from './ports.ts'
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
import { createLive } from './live/index.ts'
import { createStore, type FolderStore, type StoreOptions } from './store/index.ts'
import {
  createChallenge,
  createSelfTest,
  createTunnelSupervisor,
  localtunnel,
  ownAddress,
  probe,
  type TunnelSupervisor,
} from './tunnel/index.ts'
import { watchStore, watchTunnel } from './watches.ts'
import { createWebhooks } from './webhooks/app.ts'
import { signatureOf } from './webhooks/signature.ts'
import { joinFiles } from './world-files.ts'

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
  carrier?: () => Carrier | ListingCarrier | undefined
  /** Where the files of messages are; undefined while there is no account, and they wait there. */
  files?: () => MediaSource | undefined
  /** Who answers when the operator does not, and what holds until something is set; by default the rules, switched off. */
  replies?: { responder: Responder; defaults: ReplySettings }
  /** What going live needs: where the account is kept, and who can be asked about one. None: it can't be done here. */
  live?: { keeper: AccountKeeper; accountOf: (credentials: Required<Credentials>) => CarrierAccount }
  /** What another part of the program answers: the simulation's phones, the machine. */
  handlers?: Partial<Handlers>
  /** Sets the clock of a simulation to a time (ms) and holds it there until the function given back is called. */
  setTime?: (at: number) => Promise<() => void>
  /** Whose lists are read for what was missed: a number's texts or calls; undefined: it doesn't say. */
  catchUp?: Partial<Pick<CatchUpOptions, 'chosen' | 'pause' | 'pageSize'>>
  /** The newest lines of the log, for a person who helps. */
  newestLog?: () => Promise<string>
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
  readonly tunnel: TunnelSupervisor
  readonly commands: Commands
  readonly catchUp: CatchUp
  /** The machine was asleep: what was missed is read, and what stood still goes on. */
  wake(): void
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
  const contacts = new ContactBook(store, clock, ids)
  const consents = createConsents({ store, contacts, clock, log })
  const intake = createIntake({
    store,
    keep: consents.keep,
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

  const accountState = (): TruthView['account'] =>
    credentials() ? (world === 'simulation' ? 'simulation' : 'set') : 'none'
  const truth = new Truth(
    {
      world,
      listening: false,
      stopped: false,
      webhooks: '',
      publicBase: options.publicUrl ?? null,
      lastWebhookAt: null,
      account: accountState(),
      simulationRunning: world === 'simulation',
      dataFolder: folder,
      version,
      catchUp: NO_CATCH_UP,
    },
    clock,
    () => outboxFacts(store.outbox(), clock.now()).waiting,
  )
  const stopWatching = watchStore(store, truth)
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
  /** What the carrier's clock showed when it last answered (ms), since the start. */
  const heardLately = (): number | undefined => {
    const carrier = options.carrier?.()
    return carrier && 'lists' in carrier ? carrier.lists.heardAt() : undefined
  }
  const ahead = (): number | undefined => {
    const heard = heardLately()
    return heard === undefined ? undefined : heard - clock.now()
  }
  const challenge = createChallenge(ids)
  const subdomain = await subdomainOf(store, ids)
  /** The port webhooks listen on, once it is open. */
  let listening: { port: number; address: string } | undefined
  const tunnel = createTunnelSupervisor({
    clock,
    random: Math.random,
    provider: (way) => {
      if (way.kind === 'address') return ownAddress(way.url)
      if (way.kind === 'none' || !listening) return undefined
      return localtunnel({ port: listening.port, subdomain, host: way.url || LOCALTUNNEL })
    },
    probe: (url, signal) => probe(url, challenge, clock, signal),
  })
  /** Where Twilio may call us; without a way in, this machine alone: the simulator, and whoever forwards to it. */
  const bases = (): readonly string[] => {
    const known = tunnel.bases()
    return known.length > 0 || !listening ? known : [listening.address]
  }
  const files = joinFiles({
    store,
    edit,
    clock,
    log,
    source: options.files ?? (() => undefined),
    token: () => credentials()?.authToken,
    // The simulation's telephone company is on this machine; for everybody else an address of this machine is none.
    publicBase: () => (world === 'simulation' ? bases() : tunnel.bases())[0],
  })
  const outbox = createOutbox({
    store,
    carrier: options.carrier ?? (() => undefined),
    clock,
    ids,
    log,
    edit,
    // Not before an address has been proved: until then it may be somebody else's console that hears.
    statusCallbackBase: () =>
      tunnel.view().provider === 'none' ? listening?.address : tunnel.callbackBase(),
    mediaUrl: (item) => files.addressOf(item),
    // Where it has not answered yet: up to when its lists were read before the last end.
    heardAt: () => {
      const { read_to } = catchUp.view()
      return heardLately() ?? (read_to === null ? undefined : Date.parse(read_to))
    },
    ahead,
    optedOut: consents.refusedByTwilio,
    mayWrite: (message) => {
      const bar = views.composer(
        message,
        store.key(message),
        isOptedOut(contacts.get(message.contact), message),
      )
      return bar?.code === 'opted_out'
        ? { code: 21_610, sentence: bar.sentence }
        : bar?.code === 'window_closed' && message.template === undefined
          ? { code: 63_016, sentence: bar.sentence }
          : undefined
    },
  })
  const live =
    options.live &&
    createLive({
      ...options.live,
      store,
      clock,
      log,
      tunnel,
      givenWay: givenWay(options),
      selfTest: createSelfTest({
        clock,
        challenge,
        signer: () => {
          const set = credentials()
          return (
            set && {
              accountSid: set.accountSid ?? '',
              sign: (url, form) => signatureOf(set.authToken, url, form),
            }
          )
        },
      }),
      tell: (view) => {
        feed.tell({ kind: 'live', world, live: view })
        truth.changed()
      },
      onAccount: () => {
        truth.set({ account: accountState() })
        catchUp.now()
        outbox.kick()
      },
    })
  const contents = createContents({ carrier: options.carrier ?? (() => undefined), clock })
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
  const catchUp = createCatchUp({
    store,
    intake,
    carrier: options.carrier ?? (() => undefined),
    account: () => credentials()?.accountSid,
    clock,
    log,
    senderOf: (listed) => senderOf(store, listed, ahead),
    settleDoubt: (id, listed) => settleDoubt(edit, id, listed),
    optOutOf,
    changed: (view) => {
      truth.set({ catchUp: view })
    },
    ...options.catchUp,
  })
  const care = createCare({
    store,
    clock,
    log,
    newestLog: options.newestLog,
    facts: () => {
      const set = credentials()
      const { all, sms, whatsapp, voice, unread } = store.counts()
      return {
        version,
        world,
        counts: { all, sms, whatsapp, voice, unread, channels: store.channels().length },
        settings: { ...settings().gaps, ...settings().values },
        parts: truth.view().parts,
        secrets: set ? [set.authToken, subdomain] : [subdomain],
        names: [...store.contacts(), ...store.channels()].map(({ name }) => name),
      }
    },
    changed: () => {
      truth.changed()
    },
  })
  truth.describe(() => {
    const { lastWebhookAt } = truth.facts
    return statusParts({
      isSimulation: world === 'simulation',
      tunnel: tunnel.view(),
      isListening: listening !== undefined && credentials() !== undefined,
      account: live?.view().account,
      hasAccount: credentials() !== undefined,
      numbers: live?.view().numbers ?? [],
      lastWebhookAt,
      numbersReadAt: live?.view().numbers_read_at ?? null,
      outbox: outboxFacts(store.outbox(), clock.now()),
      catchUp: catchUp.view(),
      disk: { state: store.state(), room: care.room },
    })
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
      ...sendingHandlers({ store, views, contacts, intake, idOfDraft, outbox, files, contents }),
      ...files.handlers,
      'acts.undo': ({ undo: token }) => undo.take(token),
      'tunnel.retry': () => {
        tunnel.retry()
        return {}
      },
      ...ELSEWHERE,
      ...care.handlers,
      'catch_up.start': ({ days }) => {
        catchUp.read(days)
        return {}
      },
      'catch_up.cancel': async () => {
        await catchUp.cancel()
        return {}
      },
      'catch_up.seen': async () => {
        await catchUp.seen()
        return {}
      },
      ...live?.handlers,
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
    publicBases: bases,
    media: (ctx, name) => files.serve(ctx, name),
    health: (query) => {
      const proof = challenge.answer(query.get('challenge') ?? '')
      return proof === undefined ? {} : { proof }
    },
    onTaken: ({ at }) => {
      truth.set({ lastWebhookAt: at })
      live?.heard()
    },
  })
  /** What goes with the world, last the folder. */
  const letGo = async (): Promise<void> => {
    care.stop()
    tunnel.close()
    stopWatching()
    truth.close()
    feed.close()
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
  const address = port ? `http://127.0.0.1:${String(port.port)}` : ''
  if (port) {
    listening = { port: port.port, address }
    watchTunnel(tunnel, truth, log, () => catchUp.now())
    const given = givenWay(options)
    if (given) tunnel.open(given)
    live?.start()
  }
  truth.set({ listening: port !== undefined, webhooks: address })
  if (port) {
    await outbox.start()
    files.downloads.start()
    care.start()
  }
  // In a simulation the phones reach the webhooks directly, and its clock may go days ahead at one press.
  if (port && world === 'real') catchUp.start()

  return {
    world,
    store,
    intake,
    acts,
    end,
    truth,
    outbox,
    tunnel,
    idle: async () => {
      await replies.idle()
      await outbox.idle()
      await files.downloads.idle()
    },
    webhooks: address,
    catchUp,
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
            base: bases()[0] ?? address,
            address,
          }
        )
      },
      ...(options.setTime && { setTime: options.setTime }),
    }),
    wake() {
      tunnel.retry()
      catchUp.now()
    },
    async close() {
      truth.set({ stopped: true, listening: false })
      // While messages still arrive: what is on its way when the numbers are put back is taken.
      if (live) await live.stop()
      tunnel.close()
      await port?.close()
      await catchUp.stop()
      await replies.idle()
      await outbox.stop()
      await files.downloads.stop()
      await letGo()
    },
  }
}

/** The way in that flags name. */
function givenWay({ publicUrl, tunnel }: SwitchboardOptions): WayView | undefined {
  if (publicUrl !== undefined) return { kind: 'address', url: publicUrl }
  return tunnel === 'localtunnel' ? { kind: 'localtunnel', url: '' } : undefined
}

/** The public localtunnel server. */
const LOCALTUNNEL = 'https://localtunnel.me'
