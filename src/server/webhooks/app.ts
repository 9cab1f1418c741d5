import Router from '@koa/router'
import Koa, { type Context } from 'koa'
import { sentence } from '../../shared/errors.ts'
import type { Intake } from '../intake/types.ts'
import type { Clock, Log } from '../ports.ts'
import type { Answer, Take } from './answer.ts'
import { one } from './fields.ts'
import { admit, type Credentials } from './gate.ts'
import { DEFAULT_LIMITS, type Limits } from './limits.ts'
import { takeMessage } from './message.ts'
import { errorPolicy } from './policy.ts'
import { openPort, type OpenPort } from './port.ts'
import { Refusal } from './refusal.ts'
import { Refusals, type Refused } from './refusals.ts'
import { takeStatus } from './status.ts'
import { DEFAULT_WORDS, type VoiceWords } from './twiml.ts'
import { takeCall, takeCallStatus, takeRecording, takeRecordingStatus, takeTranscription } from './voice.ts'

export interface WebhooksOptions {
  intake: Intake
  log: Log
  clock: Clock
  /** Read for every request: they may be set, changed and taken away while the server runs. */
  credentials(): Credentials | undefined
  /**
   * The addresses Twilio may call us by, without a trailing slash: the present one, for a while the former ones, and
   * `http://127.0.0.1:<port>` when nothing else is set.
   */
  publicBases(): readonly string[]
  /** A webhook was taken: for the line of truth, "last webhook seen". */
  onTaken?(taken: { path: string; at: number }): void
  /** A request was refused. Called for each, floods included: to be cheap. */
  onRefused?(refused: Refused): void
  /** The words a caller hears; read for every call. */
  voiceWords?(): Partial<VoiceWords>
  /** Anything more for `GET /health`, e.g. by which a probe knows it reached this very server. Nothing personal. */
  health?(query: URLSearchParams): Record<string, string | number | boolean>
  /** Answers `GET /media/<signed>`; 404 without it. */
  media?(ctx: Context, signed: string): Promise<void>
  limits?: Partial<Limits>
}

export interface Webhooks {
  app: Koa
  /** Opens the port on 127.0.0.1 (0 = any free one). Rejects with Node's error when it is taken. */
  listen(port: number): Promise<OpenPort>
}

/** The server Twilio talks to. Each webhook is answered only after the intake has made what it brought durable. */
export function createWebhooks(options: WebhooksOptions): Webhooks {
  const { intake, log, clock } = options
  const limits: Limits = { ...DEFAULT_LIMITS, ...options.limits }
  const refusals = new Refusals(log, clock, limits)
  const words = (): VoiceWords => ({ ...DEFAULT_WORDS, ...options.voiceWords?.() })

  const webhooks: Record<string, Take> = {
    '/webhooks/sms': (form) => takeMessage(intake, form, 'sms'),
    '/webhooks/whatsapp': (form) => takeMessage(intake, form, 'whatsapp'),
    '/webhooks/voice': (form) => takeCall(intake, form, words()),
    '/webhooks/voice/recording': (form) => takeRecording(intake, form, words()),
    '/webhooks/voice/recording-status': (form) => takeRecordingStatus(intake, form),
    '/webhooks/voice/transcription': (form) => takeTranscription(intake, form),
    '/webhooks/voice/status': (form) => takeCallStatus(intake, form),
    '/webhooks/status': (form, query) => takeStatus(intake, form, query.get('m') ?? undefined),
  }

  /** What Twilio signed, as a form; throws Refusal for anything else. */
  const formOf = (ctx: Context) =>
    admit(ctx.req, options.credentials(), options.publicBases(), () => refusals.isOver)

  const router = new Router()
  for (const [path, take] of Object.entries(webhooks)) {
    router.all(path, async (ctx) => {
      only('POST', ctx)
      const form = await formOf(ctx)
      reply(ctx, await take(form, new URLSearchParams(ctx.querystring)))
      options.onTaken?.({ path, at: clock.now() })
    })
  }
  // For the self-test: as signed as any webhook, and answered with proof of who took it. Nothing is kept of it.
  router.all(CHECK, async (ctx) => {
    only('POST', ctx)
    const form = await formOf(ctx)
    ctx.body = { ok: true, ...options.health?.(new URLSearchParams({ challenge: one(form, 'Challenge') })) }
  })
  router.all('/health', (ctx) => {
    only('GET', ctx)
    ctx.body = { ok: true, ...options.health?.(new URLSearchParams(ctx.querystring)) }
  })
  router.all('/media/:signed', async (ctx) => {
    if (options.media === undefined) throw new Refusal(404, 'not_found')
    // Twilio asks for the headers first, sometimes.
    if (ctx.method !== 'HEAD') only('GET', ctx)
    await options.media(ctx, ctx.params['signed'] ?? '')
  })

  const placeOf = (path: string) =>
    path in webhooks || path === CHECK ? path : 'an address that is no webhook'
  const app = new Koa()
  // What Koa itself reports is a connection that broke while it was being answered.
  app.on('error', (error: Error) => log.debug(`An answer could not be sent: ${error.name}`))
  app.use(errorPolicy({ refusals, clock, log, placeOf, onRefused: options.onRefused?.bind(options) }))
  app.use(router.routes())
  app.use(() => {
    throw new Refusal(404, 'not_found')
  })

  const onMalformed = (status: number) => {
    const text = sentence('body_malformed')
    refusals.note({ where: 'the webhook port', status, code: 'body_malformed', text, signed: false })
  }
  return {
    app,
    async listen(port) {
      const handle = app.callback()
      const open = await openPort(port, (req, res) => void handle(req, res), limits, clock, onMalformed)
      const close = async () => {
        await open.close()
        refusals.close()
      }
      return { port: open.port, close }
    },
  }
}

const CHECK = '/webhooks/check'

function only(method: 'GET' | 'POST', ctx: Context): void {
  if (ctx.method !== method) {
    throw new Refusal(405, 'method_wrong', { details: { method }, headers: { Allow: method } })
  }
}

function reply(ctx: Context, answer: Answer): void {
  if (answer === 'nothing') {
    ctx.status = 204
    return
  }
  ctx.status = 200
  ctx.set('Content-Type', 'text/xml; charset=utf-8')
  ctx.body = answer.twiml
}
