import type { SettingsView, TruthView } from '../shared/contract.ts'
import { createCatchUp } from './catchup/catch-up.ts'
import { NO_CATCH_UP } from './catchup/words.ts'
import { createCommands } from './commands.ts'
import type { WorldEnd } from './console/console.ts'
import { createConsents } from './console/consent.ts'
import { createContents } from './console/contents.ts'
import { ContactBook } from './console/contact-book.ts'
import { contactHandlers } from './console/contact-handlers.ts'
import { Feed } from './console/feed.ts'
import { sendingHandlers } from './console/sending-handlers.ts'
import { sessionHandlers } from './console/session-handlers.ts'
import { settingsHandlers, settingsView } from './console/settings-handlers.ts'
import { outboxFacts } from './console/status/index.ts'
import { Truth } from './console/truth.ts'
import { Undo } from './console/undo.ts'
import { isOptedOut, Views } from './console/views.ts'
import { createSessionActs } from './intake/acts.ts'
import { ArrivalClock } from './intake/arrival.ts'
import { Conversations } from './intake/conversations.ts'
import { createEdits } from './intake/edits.ts'
import { createIntake } from './intake/intake.ts'
import { Lanes } from './intake/lanes.ts'
import { optOutOf } from './opt-out.ts'
import { idOfDraft } from './intake/outgoing.ts'
import { openOnFirstFree } from './first-free.ts'
import { afterCallback, localSid, senderOf, settleDoubt } from './outbox/index.ts'
import {
  checkReplySetting,
  createReplies,
  isReplyWords,
  REAL_DEFAULTS,
  replyValues,
  rules,
} from './replies/index.ts'
import { type ParsedSetting, parseSetting, settingValues } from './settings/catalogue.ts'
import { createLive, isChosen, readKept } from './live/index.ts'
import { createStore } from './store/index.ts'
import { createSelfTest } from './tunnel/index.ts'
import { createWebhooks } from './webhooks/app.ts'
import { signatureOf } from './webhooks/signature.ts'
import { DEFAULT_WORDS, hostedVoicemail } from './webhooks/twiml.ts'
import { watchAccount } from './world/account-watch.ts'
import { joinCondition } from './world/condition.ts'
import { keepWorldsApart, newestTime } from './world/data-folder.ts'
import { ELSEWHERE } from './world/elsewhere.ts'
import { joinFiles } from './world/files.ts'
import { createReadFirst } from './world/read-first.ts'
import { type Bar, joinSending } from './world/sending.ts'
import type { Switchboard, SwitchboardOptions } from './world/types.ts'
import { watchNumbers, watchStore, watchTunnel } from './world/watches.ts'
import { givenWay, joinWayIn } from './world/way-in.ts'

export type { Switchboard, SwitchboardOptions } from './world/types.ts'

/** Wires everything of one world: the only place that does. Throws SwitchboardError when the folder can't be opened. */
export async function createSwitchboard(options: SwitchboardOptions): Promise<Switchboard> {
  const { world, folder, clock, ids, log, credentials, version, carrier = () => undefined } = options
  const store = await createStore({ folder, clock, ids, log, ...options.store })
  try {
    await keepWorldsApart(store, world)
  } catch (error) {
    await store.close()
    throw error
  }

  const arrival = new ArrivalClock(clock, newestTime(store))
  const lanes = new Lanes()
  const conversations = new Conversations(
    store,
    ids,
    arrival,
    (key) => !isOptedOut(contacts.get(key.contact), key),
  )
  const edit = createEdits(store, lanes, arrival)
  const contacts = new ContactBook(store, clock, ids)
  const consents = createConsents({
    store,
    contacts,
    clock,
    log,
    ahead: () => catchUp.ahead(),
    aheadBefore: () => catchUp.aheadBefore(),
  })
  const intake = createIntake({
    store,
    keep: consents.keep,
    conversations,
    lanes,
    arrival,
    ids,
    log,
    edit,
    afterStatus: (message, update) =>
      afterCallback(message, update, store.outboxEntry(message._id)?.state === 'queued'),
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
      isOpening: false,
      lastWebhookAt: null,
      refusedWebhooks: null,
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
  const replySettings = { check: checkReplySetting, isWords: isReplyWords }
  const parse = (key: string, value: unknown): ParsedSetting => parseSetting(key, value, replySettings)
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
  const wayIn = await joinWayIn({ store, clock, ids })
  const { tunnel } = wayIn
  const files = joinFiles({
    store,
    edit,
    clock,
    log,
    source: options.files ?? (() => undefined),
    token: () => credentials()?.authToken,
    // The simulation's telephone company is on this machine; for everybody else an address of this machine is none.
    publicBase: () => (world === 'simulation' ? wayIn.bases()[0] : wayIn.provedBase()),
  })
  const account = watchAccount({
    truth,
    clock,
    doubt: () => live?.doubted(),
    // The lists are read until they can be, and then the account is asked about again.
    onRefused: () => {
      catchUp.now()
    },
    // While it was refused webhooks were too, a STOP among them perhaps.
    onUsable: () => {
      readThenSend()
      outbox.resume()
      files.downloads.resume()
    },
  })
  const numbersTold = watchNumbers(truth)
  const bar: Bar = (message) =>
    views.composer(message, store.key(message), isOptedOut(contacts.get(message.contact), message))
  const sending = joinSending({
    store,
    carrier,
    clock,
    ids,
    log,
    edit,
    consents,
    bar,
    isUsable: () => !account.isRefused,
    callbackBase: () => wayIn.callbackBase(),
    addressOf: (item) => files.addressOf(item),
    before: () => catchUp.look(),
    readTo: () => catchUp.view().read_to,
  })
  const { outbox } = sending
  const live =
    options.live &&
    createLive({
      ...options.live,
      store,
      clock,
      log,
      tunnel,
      givenWay: givenWay(options),
      givenNumbers: options.live.numbers,
      hostedVoicemail: hostedVoicemail(DEFAULT_WORDS),
      selfTest: createSelfTest({
        clock,
        challenge: wayIn.challenge,
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
        account.told(view.account)
        numbersTold(view)
        truth.changed()
      },
      onAccount: () => {
        truth.set({ account: accountState() })
        account.changed()
        readThenSend()
        files.downloads.resume()
      },
    })
  const contents = createContents({ carrier, clock })
  const replies = createReplies({
    store,
    responder: options.replies?.responder ?? rules,
    defaults: replyDefaults,
    clock,
    log,
    mayWrite: (message) => bar(message) === null,
    send: async ({ to, body, answered_by, holding }) => {
      await intake.outgoing({
        medium: to.communication_type,
        channel_id: to.channel_id,
        contact: to.contact,
        body,
        sender: 'ai',
        answered_by,
        ...(holding && { holding }),
        answers: to.sid,
      })
      outbox.kick()
    },
  })
  const catchUp = createCatchUp({
    store,
    intake,
    carrier,
    account: () => credentials()?.accountSid,
    clock,
    log,
    senderOf: (listed) => senderOf(store, listed, sending.ahead),
    settleDoubt: (id, listed) => settleDoubt(store, edit, id, listed),
    ...(live && {
      chosen: (number, medium) => isChosen(readKept(store), number, medium, credentials()?.accountSid),
    }),
    optOutOf,
    changed: (view) => {
      truth.set({ catchUp: view })
      if (view.state === 'idle') live?.answered()
    },
    woke: () => readThenSend(),
    ended: () => readFirst.ended(),
    ...options.catchUp,
  })
  const readFirst = createReadFirst({ catchUp, ...sending, clock, log })
  const { readThenSend } = readFirst
  const care = joinCondition({
    world,
    version,
    store,
    clock,
    log,
    truth,
    wayIn,
    live,
    catchUp,
    sending,
    credentials,
    settings,
    newestLog: options.newestLog,
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
        if (!taken.fresh) catchUp.brought(message.sid)
        live?.heard()
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
    publicBases: () => wayIn.bases(),
    media: (ctx, name) => files.serve(ctx, name),
    health: (query) => {
      const proof = wayIn.challenge.answer(query.get('challenge') ?? '')
      return proof === undefined ? {} : { proof }
    },
    onTaken: ({ at }) => {
      account.taken(at)
    },
    onRefused: ({ code }) => {
      account.refused(code)
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
    wayIn.listensOn(port.port, address)
    watchTunnel(tunnel, truth, log, () => readThenSend())
    const given = givenWay(options)
    if (given) tunnel.open(given)
    live?.start()
  }
  truth.set({ listening: port !== undefined, webhooks: address })
  if (port) {
    // In a simulation the phones reach the webhooks directly, and its clock may go days ahead at one press.
    if (world === 'real') {
      readThenSend(() => catchUp.start())
      // What Twilio was refused while the disk took nothing, a STOP among it, is known before anything goes out.
      store.onState(({ state }) => {
        if (state === 'ok') readThenSend()
      })
    }
    await outbox.start()
    files.start()
    care.start()
  }

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
            base: wayIn.bases()[0] ?? address,
            address,
          }
        )
      },
      ...(options.setTime && { setTime: options.setTime }),
    }),
    wake() {
      tunnel.retry()
      readThenSend()
    },
    async close() {
      truth.set({ stopped: true, listening: false })
      // While messages still arrive: what is on its way when the numbers are put back is taken.
      if (live) await live.stop()
      tunnel.close()
      await port?.close()
      readFirst.stop()
      await catchUp.stop()
      await replies.idle()
      await outbox.stop()
      await files.stop()
      await letGo()
    },
  }
}
