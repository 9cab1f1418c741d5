import { createHash, timingSafeEqual } from 'node:crypto'
import type { Context, Next } from 'koa'
import type { SimContext } from './context.ts'
import { Refusal } from './errors.ts'
import type { RestOperation } from './faults.ts'

/** What a request to the API has to pass, and what was told to go wrong with it. */
export async function answerRefusals(ctx: Context, next: Next): Promise<void> {
  try {
    await next()
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause
    if (cause.status === 401) ctx.set('WWW-Authenticate', 'Basic realm="Twilio API"')
    ctx.status = cause.status
    ctx.body = cause.toJSON()
  }
}

/** Only loopback names: a page that points a name of its own at 127.0.0.1 gets nothing. */
export async function checkHost(ctx: Context, next: Next, base: string): Promise<void> {
  const { port } = new URL(base)
  if (![`127.0.0.1:${port}`, `localhost:${port}`].includes(ctx.get('Host'))) throw new Refusal(20003, 403)
  await next()
}

export async function checkAccount(ctx: Context, next: Next, { account }: SimContext): Promise<void> {
  const [scheme, credentials = ''] = ctx.get('Authorization').split(' ', 2)
  const given = Buffer.from(credentials, 'base64').toString('utf8')
  if (scheme !== 'Basic' || !isSame(given, `${account.sid}:${account.token}`)) throw new Refusal(20003)
  const root = `/2010-04-01/Accounts/${account.sid}`
  // The Content API names no account in its addresses.
  if (/^\/v1\/Content(AndApprovals)?(\/|$)/.test(ctx.path)) {
    await next()
    return
  }
  if (!isNewer(ctx.path) && ctx.path !== `${root}.json` && !ctx.path.startsWith(`${root}/`))
    throw new Refusal(20404)
  await next()
}

/** The newer APIs, which know the account by its credentials alone. */
const isNewer = (path: string): boolean => /^\/v[12]\//.test(path)

function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}

export async function injectFaults(ctx: Context, next: Next, { faults }: SimContext): Promise<void> {
  const fault = faults.takeRest(operationOf(ctx))
  const drop = () => {
    ctx.respond = false
    ctx.req.socket.destroy()
  }
  switch (fault?.kind) {
    case undefined:
      await next()
      return
    case 'limited':
      if (fault.retryAfter !== undefined) ctx.set('Retry-After', String(fault.retryAfter))
      throw new Refusal(20429)
    case 'refuse':
      throw new Refusal(fault.code, fault.status)
    case 'status':
      if (fault.taken) await next()
      ctx.status = fault.status
      ctx.body = {
        code: 20500,
        message: 'An internal server error has occurred',
        more_info: '',
        status: fault.status,
      }
      return
    case 'between':
      ctx.status = fault.status
      ctx.type = 'html'
      ctx.body = '<!doctype html><title>Sign in</title>'
      return
    case 'drop':
      if (fault.when === 'after') await next()
      drop()
      return
    case 'silent':
      await new Promise<void>((resolve) => ctx.req.socket.once('close', resolve))
  }
}

function operationOf(ctx: Context): RestOperation {
  if (isNewer(ctx.path)) return 'messaging'
  const isMessages = ctx.path.endsWith('/Messages.json')
  if (/\/(Calls|Recordings)\.json$/.test(ctx.path) && ctx.method === 'GET') return 'list'
  if (isMessages) return ctx.method === 'POST' ? 'create' : 'list'
  if (/\/IncomingPhoneNumbers\/[^/]+\.json$/.test(ctx.path) && ctx.method === 'POST') return 'update'
  return /\/Messages\/[^/]+\.json$/.test(ctx.path) ? 'fetch' : 'other'
}
