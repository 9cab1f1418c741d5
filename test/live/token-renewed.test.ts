/** The token is renewed at Twilio while the console runs: it is noticed from both sides, nothing is lost, and it heals. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { TruthView } from '../../src/shared/contract.ts'
import { BUSINESS_NUMBER } from '../../src/server/carrier/simulator/index.ts'
import { sign } from '../../src/server/carrier/simulator/post.ts'
import { bed, type Bed } from './bed.ts'

const ANN = '+15703251811'
const OTHER_TOKEN = 'f'.repeat(32)

let b: Bed
let former: string
beforeEach(async () => {
  b = await bed([BUSINESS_NUMBER])
  former = b.simulator.authToken
  await b.goLive()
  await text('Hello')
  await b.application.main.catchUp.idle()
})
afterEach(async () => {
  await b.close()
})

const truth = (): TruthView => b.application.main.truth.view()
const part = (id: string) => truth().parts.find((one) => one.id === id)
const refused = () => b.until(({ account, doing }) => account.state === 'refused' && doing === '')
const good = () => b.until(({ account, doing }) => account.state === 'good' && doing === '')

const text = (body: string) => b.simulator.text({ medium: 'sms', from: ANN, body })

/** One webhook, signed with another token. */
async function post(): Promise<void> {
  const url = `${b.application.main.webhooks}/webhooks/sms`
  const signature = sign(OTHER_TOKEN, url, { Body: 'Hi' })
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'X-Twilio-Signature': signature },
    body: new URLSearchParams({ Body: 'Hi' }),
  })
  expect(answer.status).toBe(403)
}

async function reply(body: string): Promise<string> {
  const [channel] = await b.ask('channels.list', {})
  const { _id } = await b.ask('messages.send', {
    channel_id: channel?._id ?? '',
    medium: 'sms',
    contact: ANN,
    body,
    draft: `draft-${body}`,
  })
  return _id
}

/** What of ours lies at Twilio once all that can go has gone. */
async function sent(): Promise<string[]> {
  await b.application.main.catchUp.idle()
  await b.application.main.idle()
  return [...b.simulator.account.messages.values()]
    .filter(({ direction }) => direction !== 'inbound')
    .map(({ body }) => body)
}

it('a reply that meets 401 waits, the line of truth says what to do, and it goes out with the present token', async () => {
  b.simulator.account.token = OTHER_TOKEN
  const id = await reply('On our way')
  await refused()
  expect(truth()).toMatchObject({
    state: 'trouble',
    problems: [{ code: 'account_unusable' }],
    action: { request: 'go_live' },
    outbox: 1,
  })
  expect(part('account')?.state).toBe('trouble')
  expect(part('outbox')?.sentence).toContain('1 message waits until Twilio takes the account again')
  expect(await b.application.main.store.find(id)).toMatchObject({ status: 'queued' })

  await b.ask('live.account', { account_sid: b.simulator.accountSid, auth_token: OTHER_TOKEN })
  expect(truth().problems).toEqual([])
  expect(await sent()).toEqual(['On our way'])
})

it('three webhooks in a row with another signature have Twilio asked, and Status says since when', async () => {
  b.simulator.account.token = OTHER_TOKEN
  for (let n = 0; n < 3; n++) {
    expect(truth().problems).toEqual([])
    await post()
  }
  await refused()
  expect(truth().problems).toMatchObject([{ code: 'account_unusable' }])
  expect(part('last_webhook')).toMatchObject({ state: 'trouble' })
  expect(part('last_webhook')?.sentence).toMatch(/3 requests refused since .+: signed with another token/)

  await b.ask('live.account', { account_sid: b.simulator.accountSid, auth_token: OTHER_TOKEN })
  expect(part('last_webhook')).toMatchObject({ state: 'well' })
})

it('with a token that is right, wrong signatures are a stranger’s and no trouble', async () => {
  for (let n = 0; n < 4; n++) await post()
  await good()
  expect(part('last_webhook')).toMatchObject({ state: 'well' })
  expect(part('last_webhook')?.sentence).toContain('4 requests refused since')
  expect(truth().problems).toEqual([])
  await text('three')
  expect(part('last_webhook')?.sentence).not.toContain('refused')
})

it('a token put right at Twilio heals by itself once its lists can be read', async () => {
  b.simulator.account.token = OTHER_TOKEN
  await reply('On our way')
  await refused()
  b.simulator.account.token = former
  await b.ask('catch_up.start', {})
  await good()
  expect(truth().problems).toEqual([])
  expect(await sent()).toEqual(['On our way'])
})

it('a 401 that passes heals with nobody’s doing', async () => {
  const passing = { kind: 'refuse', code: 20003, status: 401 } as const
  b.simulator.faults.rest(passing, 'create', 1)
  b.simulator.faults.rest(passing, 'other', 1)
  const wasRefused = b.until(({ account }) => account.state === 'refused')
  await reply('On our way')
  await wasRefused
  await good()
  expect(truth().problems).toEqual([])
  expect(await sent()).toEqual(['On our way'])
})

it.each([401, 403, 200])(
  'a page with %i in Twilio’s place says nothing of the token, and holds nothing',
  async (status) => {
    b.simulator.faults.rest({ kind: 'between', status }, 'other', 1)
    for (let n = 0; n < 3; n++) await post()
    const { account } = await b.until(({ account: of, doing }) => of.state === 'unreached' && doing === '')
    expect(account.sentence).toContain(`answered in its place (HTTP ${String(status)})`)
    expect(truth().problems).toEqual([])
    expect(part('account')?.action).toMatchObject({ request: 'live.numbers' })
    await reply('On our way')
    expect(await sent()).toEqual(['On our way'])
    await b.ask('catch_up.start', {})
    await good()
  },
)

it('a reply that meets a page that wants a sign-in goes out by itself behind it', async () => {
  b.simulator.faults.rest({ kind: 'between', status: 401 }, 'create', 1)
  const { store } = b.application.main
  const isOut = new Promise<void>((resolve) => {
    const stop = store.onCommit(({ messages = [] }) => {
      if (!messages.some(({ content, sid }) => content === 'On our way' && sid.startsWith('SM'))) return
      stop()
      resolve()
    })
  })
  await reply('On our way')
  await isOut
  expect(await sent()).toEqual(['On our way'])
  expect(truth().problems).toEqual([])
})

it('a token that a person tries out and Twilio refuses says nothing of the one that is set', async () => {
  const given = { account_sid: b.simulator.accountSid, auth_token: OTHER_TOKEN }
  await expect(b.ask('live.account', given)).rejects.toMatchObject({ code: 'account_refused' })
  expect((await good()).account.state).toBe('good')
  expect(truth().problems).toEqual([])
})

it('a picture that met 401 comes at once when the token is entered', async () => {
  b.simulator.faults.rest({ kind: 'refuse', code: 20003, status: 401 }, 'other', 1)
  const { message } = await b.simulator.text({ medium: 'sms', from: ANN, body: '', media: 1 })
  const picture = async () => {
    await b.application.main.idle()
    return (await b.application.main.store.find(message.sid))?.media[0]
  }
  expect(await picture()).not.toHaveProperty('file')
  await b.ask('live.account', { account_sid: b.simulator.accountSid, auth_token: former })
  expect(await picture()).toHaveProperty('file')
})

it.each([
  [
    'entered here',
    async () => {
      await b.ask('live.account', { account_sid: b.simulator.accountSid, auth_token: OTHER_TOKEN })
    },
  ],
  [
    'put right at Twilio',
    async () => {
      b.simulator.account.token = former
      await b.ask('live.numbers', {})
    },
  ],
])(
  'an address that changed while Twilio refused the token is pointed at once the token is %s',
  async (_, mend) => {
    const next = b.application.main.webhooks.replace('127.0.0.1', 'localhost')
    b.simulator.account.token = OTHER_TOKEN
    await b.ask('live.numbers', {})
    await refused()
    await b.ask('live.way', { kind: 'address', url: next })
    await b.until(({ tunnel, doing }) => tunnel.state === 'up' && tunnel.url === next && doing === '')
    await mend()
    const [number] = b.simulator.account.numbers.values()
    expect(number?.sms_url).toContain(next)
    expect(await b.ask('live.get', {})).toMatchObject({ live: true })
  },
)
