// What the webhooks are measured against: the same Koa with router and the same body reader, answering at once.
import Router from '@koa/router'
import Koa from 'koa'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { readBody } from '../../src/server/webhooks/body.ts'
import { SILENCE } from '../../src/server/webhooks/twiml.ts'
import { cpuMs } from '../harness/cpu.ts'
import { Stalls } from '../harness/stalls.ts'
import { answer } from '../harness/worker.ts'

let stalls: Stalls | undefined

const answers = {
  async open(): Promise<string> {
    const router = new Router()
    router.post('/webhooks/sms', async (ctx) => {
      await readBody(ctx.req)
      ctx.status = 200
      ctx.set('Content-Type', 'text/xml; charset=utf-8')
      ctx.body = SILENCE
    })
    const server = new Koa().use(router.routes()).listen(0, '127.0.0.1')
    await once(server, 'listening')
    return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
  },
  cpu: async () => cpuMs(),
  async watch() {
    stalls = new Stalls()
  },
  async stalled() {
    if (!stalls) throw new Error('nothing is watched')
    return stalls.end()
  },
}
export type PlainKoa = typeof answers
answer(answers)
