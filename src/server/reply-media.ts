import { Readable } from 'node:stream'
import type { Context } from 'koa'
import type { MediaAnswer } from './media/answer.ts'

/** Writes an answer for a stored file to a request over HTTP; for HEAD its headers alone. */
export function replyMedia(ctx: Context, { status, headers, body }: MediaAnswer): void {
  ctx.status = status
  if (ctx.method === 'HEAD') ctx.body = null
  else ctx.body = typeof body === 'string' ? body : Readable.from(body)
  ctx.status = status
  // After the body, which sets a type of its own.
  for (const [name, value] of Object.entries(headers)) ctx.set(name, value)
}
