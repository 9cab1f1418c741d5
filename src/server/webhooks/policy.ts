import type { Context, Middleware } from 'koa'
import { sentence, SwitchboardError } from '../../shared/errors.ts'
import type { Clock, Log } from '../ports.ts'
import { isBodySmall, linger } from './body.ts'
import { Refusal } from './refusal.ts'
import type { Refusals, Refused } from './refusals.ts'

/** Seconds after which a full disk may be tried again. */
const RETRY_SECONDS = '30'

interface Policy {
  refusals: Refusals
  clock: Clock
  log: Log
  /** The address of a request as we know it; a stranger's spelling of it has no place in a log. */
  placeOf(path: string): string
  onRefused?: ((refused: Refused) => void) | undefined
}

/** What becomes of every error: the one place that turns one into an answer. Always a status and one plain sentence. */
export function errorPolicy(policy: Policy): Middleware {
  return async (ctx, next) => {
    try {
      await next()
    } catch (error) {
      if (error instanceof Refusal) await refuse(ctx, error, policy)
      else if (isOfTheDisk(error)) unavailable(ctx, error, policy)
      // Taken once and erased since: to Twilio it is as taken as ever, and it need not come again.
      else if (error instanceof SwitchboardError && error.code === 'erased') ctx.status = 204
      else fault(ctx, error, policy.log)
    }
  }
}

/** Not taken: 4xx. Over the limit an unsigned request hears 429 instead, and nothing of its body is read. */
async function refuse(ctx: Context, refusal: Refusal, policy: Policy): Promise<void> {
  // Without a token every webhook is refused alike, and for nothing: that answer stays the clear one.
  const over = !refusal.signed && refusal.code !== 'not_configured' && policy.refusals.isOver
  const said = over ? new Refusal(429, 'too_many_refused', { headers: { 'Retry-After': '60' } }) : refusal
  note(ctx, said.status, refusal, policy)

  if (!isBodySmall(ctx.req)) {
    ctx.set('Connection', 'close')
    if (!over) await linger(ctx.req, policy.clock)
  }
  ctx.set(said.headers)
  answer(ctx, said.status, said.message)
}

/** Twilio logs a failed webhook; the message is fetched from its list once there is room again. */
function unavailable(ctx: Context, error: SwitchboardError, policy: Policy): void {
  note(ctx, 503, error, policy)
  ctx.set('Retry-After', RETRY_SECONDS)
  answer(ctx, 503, error.message)
}

function fault(ctx: Context, error: unknown, log: Log): void {
  log.error('A webhook failed in a way that was not foreseen', error)
  answer(ctx, 500, sentence('internal', { reason: 'webhook' }))
}

function note(ctx: Context, status: number, error: SwitchboardError, policy: Policy): void {
  const refused: Refused = {
    where: policy.placeOf(ctx.path),
    status,
    code: error.code,
    text: error.message,
    signed: error instanceof Refusal ? error.signed : true,
  }
  policy.refusals.note(refused)
  policy.onRefused?.(refused)
}

function answer(ctx: Context, status: number, text: string): void {
  ctx.status = status
  ctx.set('Content-Type', 'text/plain; charset=utf-8')
  ctx.body = text
}

function isOfTheDisk(error: unknown): error is SwitchboardError {
  return error instanceof SwitchboardError && (error.code === 'disk_full' || error.code === 'disk_failed')
}
