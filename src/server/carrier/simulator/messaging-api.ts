import { Router } from '@koa/router'
import type { Context } from 'koa'
import { iso } from '../../iso.ts'
import type { SimContext } from './context.ts'
import { Refusal } from './errors.ts'
import { inOrder, pageOf, type Listed } from './lists.ts'
import type { SimApplication, SimBrand, SimSender, SimService } from './messaging.ts'

const LARGEST_BODY = 64 * 1024

/** Twilio's messaging API (v1, v2) and the applications of the older one, as far as going live asks them. */
export function messagingRoutes(context: SimContext): Router {
  const { account } = context
  const { services, applications, senders, brands } = account.messaging
  const router = new Router()
  const listed = <T extends Listed>(
    ctx: Context,
    key: string,
    all: Iterable<T>,
    write: (entry: T) => unknown,
  ) => {
    const entries = inOrder(all, { ...context.faults.manner, lagMs: 0 }, Number.MAX_SAFE_INTEGER)
    ctx.body = withMeta(
      context.base,
      key,
      pageOf(entries, key, ctx.path, new URLSearchParams(ctx.querystring), write),
    )
  }
  const of = { account_sid: account.sid }

  router.get('/v1/Services', (ctx) => {
    listed(ctx, 'services', services.values(), (service) => ({ ...of, ...serviceResource(service) }))
  })
  router.get('/v1/Services/:sid/PhoneNumbers', (ctx) => {
    const { numbers, sid } = found(services.get(ctx.params['sid'] ?? ''))
    const all = [...account.numbers.values()].filter((number) => numbers.has(number.sid))
    listed(ctx, 'phone_numbers', all, (number) => ({
      ...of,
      sid: number.sid,
      service_sid: sid,
      phone_number: number.phone_number,
      country_code: 'US',
      capabilities: ['MMS', 'SMS', 'Voice'],
      date_created: iso(number.created),
      date_updated: iso(number.updated),
      url: `${context.base}/v1/Services/${sid}/PhoneNumbers/${number.sid}`,
    }))
  })
  router.get('/v1/a2p/BrandRegistrations', (ctx) => {
    listed(ctx, 'data', brands.values(), (brand) => ({ ...of, ...brandResource(brand) }))
  })
  router.get('/v2/Channels/Senders', (ctx) => {
    if (ctx.query['Channel'] !== 'whatsapp') throw new Refusal(20001)
    listed(ctx, 'senders', senders.values(), senderResource)
  })
  router.post('/v2/Channels/Senders/:sid', async (ctx) => {
    const sender = found(senders.get(ctx.params['sid'] ?? ''))
    const { webhook } = await readJson(ctx)
    if (typeof webhook === 'object' && webhook !== null)
      for (const name of SENDER_WEBHOOK) {
        const value: unknown = name in webhook ? (webhook as Record<string, unknown>)[name] : undefined
        if (typeof value === 'string') sender.webhook[name] = value
      }
    ctx.status = 202
    ctx.body = senderResource(sender)
  })
  router.get(`/2010-04-01/Accounts/${account.sid}/Applications/:sid`, (ctx) => {
    const application = found(applications.get((ctx.params['sid'] ?? '').replace(/\.json$/, '')))
    ctx.body = { ...of, ...applicationResource(application) }
  })
  return router
}

const SENDER_WEBHOOK = [
  'callback_url',
  'callback_method',
  'status_callback_url',
  'status_callback_method',
] as const

function serviceResource({ numbers: _numbers, created, ...service }: SimService) {
  return {
    ...service,
    inbound_method: 'POST',
    fallback_url: null,
    status_callback: null,
    usecase: 'undeclared',
    date_created: iso(created),
    date_updated: iso(created),
  }
}

const brandResource = ({ created, ...brand }: SimBrand) => ({
  ...brand,
  brand_type: 'STANDARD',
  date_created: iso(created),
  date_updated: iso(created),
})

const senderResource = ({ created: _created, ...sender }: SimSender) => ({
  ...sender,
  configuration: { waba_id: '1', verification_method: null },
  profile: null,
  properties: null,
  offline_reasons: null,
})

const applicationResource = ({ created, ...application }: SimApplication) => ({
  ...application,
  api_version: '2010-04-01',
  sms_method: 'POST',
  voice_method: 'POST',
  date_created: new Date(created).toUTCString(),
  date_updated: new Date(created).toUTCString(),
})

/** The newer API writes a page's place into `meta`, with whole addresses. */
function withMeta(base: string, key: string, page: Record<string, unknown>) {
  const whole = (uri: unknown) => (typeof uri === 'string' ? base + uri : null)
  return {
    [key]: page[key],
    meta: {
      key,
      page: page['page'],
      page_size: page['page_size'],
      first_page_url: whole(page['first_page_uri']),
      previous_page_url: null,
      next_page_url: whole(page['next_page_uri']),
      url: whole(page['uri']),
    },
  }
}

function found<T>(entry: T | undefined): T {
  if (entry === undefined) throw new Refusal(20404)
  return entry
}

async function readJson(ctx: Context): Promise<Record<string, unknown>> {
  let text = ''
  for await (const chunk of ctx.req as AsyncIterable<Buffer>) {
    text += chunk.toString('utf8')
    if (text.length > LARGEST_BODY) throw new Refusal(20001, 413)
  }
  const value: unknown = JSON.parse(text)
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
