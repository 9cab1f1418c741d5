import { Router } from '@koa/router'
import type { SimContent } from './contents.ts'
import type { SimContext } from './context.ts'
import { Refusal } from './errors.ts'

/** Twilio's Content API, as far as it is read: the account's templates, with or without WhatsApp's word on them. */
export function contentRoutes({ account, base, clock }: SimContext): Router {
  const router = new Router({ prefix: '/v1' })
  const date = (): string => new Date(clock.now()).toISOString()

  const resource = (content: SimContent) => ({
    sid: content.sid,
    account_sid: account.sid,
    friendly_name: content.friendly_name,
    language: content.language,
    variables: content.variables,
    types: { [content.type]: { body: content.body } },
    date_created: date(),
    date_updated: date(),
  })
  const approval = ({ friendly_name, type, approval: status }: SimContent) => ({
    name: friendly_name,
    category: 'UTILITY',
    content_type: type,
    status,
    rejection_reason: '',
    allow_category_change: true,
  })
  const page = (path: string, contents: unknown[]) => ({
    contents,
    meta: {
      page: 0,
      page_size: 500,
      first_page_url: `${base}${path}?PageSize=500&Page=0`,
      previous_page_url: null,
      next_page_url: null,
      url: `${base}${path}?PageSize=500&Page=0`,
      key: 'contents',
    },
  })

  router.get('/Content', (ctx) => {
    ctx.body = page(ctx.path, [...account.contents.values()].map(resource))
  })
  router.get('/Content/:sid', (ctx) => {
    const content = account.contents.get(ctx.params['sid'] ?? '')
    if (!content) throw new Refusal(20404)
    ctx.body = { ...resource(content), url: base + ctx.path, links: {} }
  })
  router.get('/ContentAndApprovals', (ctx) => {
    const all = [...account.contents.values()]
    ctx.body = page(
      ctx.path,
      all.map((content) => ({ ...resource(content), approval_requests: approval(content) })),
    )
  })
  return router
}
