import { Router } from '@koa/router'
import Koa, { type Context } from 'koa'
import { callOut, startCall } from './calls.ts'
import type { SimContext } from './context.ts'
import { Refusal } from './errors.ts'
import { answerRefusals, checkAccount, checkHost, injectFaults } from './guards.ts'
import { inOrder, pageOf, passes, passesDate, type Listed } from './lists.ts'
import { contentRoutes } from './contents-api.ts'
import { deliver, takeMessage } from './outgoing.ts'
import { messagingRoutes } from './messaging-api.ts'
import * as resources from './resources.ts'

const LARGEST_BODY = 256 * 1024

/** Twilio's REST API 2010-04-01, for one account. */
export function createApi(context: SimContext): Koa {
  const app = new Koa()
  app.silent = true
  app.use((ctx, next) => {
    // Twilio's own clock, which is the simulation's.
    ctx.set('Date', new Date(context.clock.now()).toUTCString())
    return next()
  })
  app.use(answerRefusals)
  app.use((ctx, next) => checkHost(ctx, next, context.base))
  app.use((ctx, next) => checkAccount(ctx, next, context))
  app.use((ctx, next) => injectFaults(ctx, next, context))
  app.use(contentRoutes(context).routes())
  app.use(routes(context).routes())
  app.use(messagingRoutes(context).routes())
  app.use(() => {
    throw new Refusal(20404)
  })
  return app
}

function routes(context: SimContext): Router {
  const { account } = context
  const router = new Router({ prefix: `/2010-04-01/Accounts/${account.sid}` })
  const query = (ctx: Context) => new URLSearchParams(ctx.querystring)
  const listed = <T extends Listed>(
    ctx: Context,
    key: string,
    all: Iterable<T>,
    write: (entry: T) => unknown,
  ) => {
    ctx.body = pageOf(
      inOrder(all, context.faults.manner, context.clock.now()),
      key,
      ctx.path,
      query(ctx),
      write,
    )
  }

  router.get('.json', (ctx) => {
    ctx.body = resources.accountResource(account)
  })
  router.post('/Messages.json', async (ctx) => {
    const form = await readForm(ctx)
    const message = takeMessage(context, {
      from: form.get('From') ?? '',
      to: form.get('To') ?? '',
      body: form.get('Body') ?? '',
      mediaUrls: form.getAll('MediaUrl'),
      statusCallback: form.get('StatusCallback') ?? '',
      contentSid: form.get('ContentSid') ?? '',
      contentVariables: form.get('ContentVariables') ?? '',
      direction: 'outbound-api',
    })
    ctx.status = 201
    ctx.body = resources.messageResource(account, message)
    deliver(context, message)
  })
  router.get('/Messages.json', (ctx) => {
    const wanted = query(ctx)
    const all = [...account.messages.values()].filter(
      ({ to, from, sent }) =>
        passes(wanted, 'To', to) &&
        passes(wanted, 'From', from) &&
        passesDate(wanted, 'DateSent', sent, context.faults.manner),
    )
    listed(ctx, 'messages', all, (message) => resources.messageResource(account, message))
  })
  router.get('/Messages/:sid/Media.json', (ctx) => {
    const all = found(account.messages.get(ctx.params['sid'] ?? '')).media
    listed(ctx, 'media_list', all, (media) => resources.mediaResource(account, media))
  })
  router.get('/Messages/:sid/Media/:media', (ctx) => {
    const { name, isJson } = split(ctx.params['media'])
    const media = found(account.media.get(name))
    if (isJson) return void (ctx.body = resources.mediaResource(account, media))
    ctx.type = media.content_type
    ctx.body = media.bytes
  })
  router.get('/Messages/:sid', (ctx) => {
    const { name } = split(ctx.params['sid'])
    ctx.body = resources.messageResource(account, found(account.messages.get(name)))
  })

  router.post('/Calls.json', async (ctx) => {
    const form = await readForm(ctx)
    const [from, to] = [form.get('From') ?? '', form.get('To') ?? '']
    if (to === '') throw new Refusal(21604)
    if (from === '') throw new Refusal(21603)
    const call = startCall(context, { from, to, direction: 'outbound-api' })
    ctx.status = 201
    ctx.body = resources.callResource(account, call)
    void context.activity.track(
      callOut(context, call, form.get('Url') ?? '', form.get('StatusCallback') ?? ''),
    )
  })
  router.get('/Calls.json', (ctx) => {
    const wanted = query(ctx)
    const all = [...account.calls.values()].filter(
      (call) =>
        passes(wanted, 'To', call.to) &&
        passes(wanted, 'From', call.from) &&
        passes(wanted, 'Status', call.status) &&
        passesDate(wanted, 'StartTime', call.started, context.faults.manner),
    )
    listed(ctx, 'calls', all, (call) => resources.callResource(account, call))
  })
  router.get('/Calls/:sid/Recordings.json', (ctx) => {
    const all = [...account.recordings.values()].filter(({ call_sid }) => call_sid === ctx.params['sid'])
    listed(ctx, 'recordings', all, (recording) =>
      resources.recordingResource(account, recording, context.base),
    )
  })
  router.get('/Calls/:sid', (ctx) => {
    ctx.body = resources.callResource(account, found(account.calls.get(split(ctx.params['sid']).name)))
  })

  router.get('/Recordings.json', (ctx) => {
    const wanted = query(ctx)
    const all = [...account.recordings.values()].filter(
      ({ call_sid, created }) =>
        passes(wanted, 'CallSid', call_sid) &&
        passesDate(wanted, 'DateCreated', created, context.faults.manner),
    )
    listed(ctx, 'recordings', all, (recording) =>
      resources.recordingResource(account, recording, context.base),
    )
  })
  const transcriptions = () => [...account.recordings.values()].filter(({ transcription }) => transcription)
  router.get('/Recordings/:sid/Transcriptions.json', (ctx) => {
    const all = transcriptions().filter(({ sid }) => sid === ctx.params['sid'])
    listed(ctx, 'transcriptions', all, (recording) => resources.transcriptionResource(account, recording))
  })
  router.get('/Recordings/:sid', (ctx) => {
    const { name, isJson } = split(ctx.params['sid'])
    const recording = found(account.recordings.get(name))
    if (isJson) return void (ctx.body = resources.recordingResource(account, recording, context.base))
    ctx.type = 'audio/x-wav'
    ctx.body = recording.bytes
  })
  router.get('/Transcriptions.json', (ctx) => {
    listed(ctx, 'transcriptions', transcriptions(), (recording) =>
      resources.transcriptionResource(account, recording),
    )
  })

  router.get('/IncomingPhoneNumbers.json', (ctx) => {
    const wanted = query(ctx)
    const all = [...account.numbers.values()].filter(({ phone_number }) =>
      passes(wanted, 'PhoneNumber', phone_number),
    )
    listed(ctx, 'incoming_phone_numbers', all, (number) => resources.numberResource(account, number))
  })
  router.get('/IncomingPhoneNumbers/:sid', (ctx) => {
    ctx.body = resources.numberResource(account, found(account.numbers.get(split(ctx.params['sid']).name)))
  })
  router.post('/IncomingPhoneNumbers/:sid', async (ctx) => {
    const number = found(account.numbers.get(split(ctx.params['sid']).name))
    const form = await readForm(ctx)
    for (const [field, name] of NUMBER_FIELDS) {
      const value = form.get(name)
      if (value === null) continue
      if (value !== '' && name.endsWith('Url') && !URL.canParse(value)) throw new Refusal(21205)
      if (name.endsWith('Method') && !['GET', 'POST'].includes(value)) throw new Refusal(20001)
      number[field] = value
    }
    number.updated = context.clock.now()
    ctx.body = resources.numberResource(account, number)
  })
  return router
}

const NUMBER_FIELDS = [
  ['friendly_name', 'FriendlyName'],
  ['sms_url', 'SmsUrl'],
  ['sms_method', 'SmsMethod'],
  ['sms_fallback_url', 'SmsFallbackUrl'],
  ['voice_url', 'VoiceUrl'],
  ['voice_method', 'VoiceMethod'],
  ['voice_fallback_url', 'VoiceFallbackUrl'],
  ['voice_fallback_method', 'VoiceFallbackMethod'],
  ['status_callback', 'StatusCallback'],
  ['status_callback_method', 'StatusCallbackMethod'],
  ['sms_application_sid', 'SmsApplicationSid'],
  ['voice_application_sid', 'VoiceApplicationSid'],
] as const

function found<T>(entry: T | undefined): T {
  if (entry === undefined) throw new Refusal(20404)
  return entry
}

/** A resource's SID and whether its description (.json) is asked for rather than its bytes. */
function split(name = ''): { name: string; isJson: boolean } {
  return { name: name.replace(/\.(json|wav|mp3|png)$/, ''), isJson: name.endsWith('.json') }
}

async function readForm(ctx: Context): Promise<URLSearchParams> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of ctx.req as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > LARGEST_BODY) throw new Refusal(20404, 413)
    chunks.push(chunk)
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
}
