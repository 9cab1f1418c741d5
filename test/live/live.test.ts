import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fixedAccount } from '../../src/server/account.ts'
import {
  addApplication,
  addBrand,
  addSender,
  addService,
  BUSINESS_NUMBER,
} from '../../src/server/carrier/simulator/index.ts'
import { bed, type Bed } from './bed.ts'

const ANN = '+1234567890'
const OTHER = '+15703251810'

let b: Bed
beforeEach(async () => {
  b = await bed([BUSINESS_NUMBER, OTHER])
})
afterEach(async () => {
  await b.close()
})

const account = () => ({ account_sid: b.simulator.accountSid, auth_token: b.simulator.authToken })
const number = (which = BUSINESS_NUMBER) => {
  const found = [...b.simulator.account.numbers.values()].find(({ phone_number }) => phone_number === which)
  if (!found) throw new Error('the simulator has no such number')
  return found
}
/** The address this console listens at: reachable by the simulator as Twilio would reach a public one. */
const own = () => b.application.main.webhooks

async function goLive(voice: 'leave' | 'here' = 'leave', sids = [number().sid]): Promise<void> {
  await b.ask('live.account', account())
  await b.ask('live.choose', { numbers: sids.map((sid) => ({ sid, voice })) })
  await b.ask('live.way', { kind: 'address', url: own() })
  await b.ask('live.go', {})
  await b.until(({ live }) => live)
}

/** Every file below a folder, as text. */
async function everything(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return (await Promise.all(files.map((file) => readFile(file, 'latin1')))).join('\n')
}

describe('going live', () => {
  it('from nothing to a delivered answer, and back to what was before', async () => {
    number().sms_url = 'https://before.example/sms'
    expect(await b.ask('live.get', {})).toMatchObject({ account: { state: 'none' }, live: false })
    const entered = await b.ask('live.account', account())
    expect(entered.account).toMatchObject({ state: 'good', name: 'Simulated account', kept: 'in_memory' })
    expect(entered.numbers.map(({ number: one, state }) => [one, state])).toEqual([
      [OTHER, 'untouched'],
      [BUSINESS_NUMBER, 'untouched'],
    ])
    await b.ask('live.choose', { numbers: [{ sid: number().sid, voice: 'leave' }] })
    await b.ask('live.way', { kind: 'address', url: `${own()}/` })
    await b.ask('live.go', {})
    const view = await b.until(({ live }) => live)
    expect(number().sms_url).toBe(`${own()}/webhooks/sms#rc=3&rp=all&ct=2000&rt=5000&tt=15000`)
    expect(view.numbers.find(({ chosen }) => chosen)).toMatchObject({
      state: 'here',
      before: { sms_url: 'https://before.example/sms' },
    })
    expect(number().voice_url).toBe('')
    expect(number(OTHER).sms_url).toBe('')

    await b.simulator.text({ from: ANN, to: BUSINESS_NUMBER, medium: 'sms', body: 'Are you open?' })
    const { sessions } = await b.ask('sessions.list', {})
    const [session] = sessions
    expect(session).toMatchObject({ title: `SMS from ${ANN}`, composer: null })
    expect((await b.until(({ heard }) => heard)).heard).toBe(true)
    await b.ask('messages.send', {
      channel_id: session?.channel_id ?? '',
      medium: 'sms',
      contact: ANN,
      body: 'Until six',
      draft: 'draft-0001',
    })
    // The account was just entered: its lists are read before anything goes out.
    await b.application.main.catchUp.idle()
    await b.application.main.idle()
    await b.simulator.idle()
    const { messages } = await b.ask('sessions.messages', { id: session?._id ?? '' })
    expect(messages.map(({ content, status }) => [content, status])).toEqual([
      ['Are you open?', 'received'],
      ['Until six', 'delivered'],
    ])

    const left = await b.ask('live.leave', {})
    expect(left).toMatchObject({ live: false, wanted: false, tunnel: { state: 'off' } })
    expect(number().sms_url).toBe('https://before.example/sms')
  })

  it('a first text has come when one has, and not when Twilio tells how an answer of ours is doing', async () => {
    await goLive()
    await b.simulator.text({ from: ANN, to: BUSINESS_NUMBER, medium: 'sms', body: 'Are you open?' })
    await b.until(({ heard }) => heard)
    const { sessions } = await b.ask('sessions.list', {})
    await b.ask('live.leave', {})
    await b.ask('live.go', {})
    await b.until(({ live }) => live)
    await b.ask('messages.send', {
      channel_id: sessions[0]?.channel_id ?? '',
      medium: 'sms',
      contact: ANN,
      body: 'Until six',
      draft: 'draft-0001',
    })
    await b.application.main.catchUp.idle()
    await b.application.main.idle()
    await b.simulator.idle()
    const { messages } = await b.ask('sessions.messages', { id: sessions[0]?._id ?? '' })
    expect(messages.at(-1)).toMatchObject({ content: 'Until six', status: 'delivered' })
    expect((await b.ask('live.get', {})).heard).toBe(false)
    await b.simulator.text({ from: ANN, to: BUSINESS_NUMBER, medium: 'sms', body: 'Thanks' })
    await b.until(({ heard }) => heard)
  })

  it('keeps the token nowhere and tells nobody', async () => {
    const told: unknown[] = []
    b.application.main.end.feed.start(
      {
        id: 'listener',
        backlog: () => 0,
        onDrained: () => undefined,
        send: (event) => void told.push(event),
      },
      undefined,
    )
    const wrong = { ...account(), auth_token: 'a-wrong-token-that-was-typed' }
    await b.ask('live.account', wrong).catch((error: unknown) => told.push(String(error)))
    await goLive()
    for (const name of ['live.get', 'truth.get', 'settings.get', 'support.log'] as const)
      told.push(await b.ask(name, {}))
    told.push(await b.ask('live.test', { sid: number().sid }))
    // What Twilio refuses, and what is lost on the way, is told and logged too.
    for (const fault of [
      { kind: 'refuse', code: 20003, status: 401 },
      { kind: 'drop', when: 'before' },
    ] as const) {
      b.simulator.faults.rest(fault, 'any', 1)
      told.push(await b.ask('live.numbers', {}))
    }
    b.application.main.end.feed.leave('listener')
    await b.restart()
    const { authToken } = b.simulator
    const all = [JSON.stringify(told), b.lines.join('\n'), await everything(b.folder)]
    for (const place of all) {
      expect(place).not.toContain(authToken)
      expect(place).not.toContain(wrong.auth_token)
      expect(place).not.toContain(Buffer.from(`${b.simulator.accountSid}:${authToken}`).toString('base64'))
    }
    expect(told.length).toBeGreaterThan(10)
  })

  it.each([
    ['a SID of another form', () => ({ account_sid: 'AC1', auth_token: 'x' }), 'account_refused'],
    ['a wrong token', () => ({ ...account(), auth_token: 'wrong' }), 'account_refused'],
    ['no token', () => ({ ...account(), auth_token: '' }), 'account_refused'],
  ])('refuses %s in words, and keeps nothing', async (_, given, code) => {
    await expect(b.ask('live.account', given())).rejects.toMatchObject({ code })
    expect((await b.ask('live.get', {})).account.state).toBe('none')
  })

  it('refuses an account that is suspended, and says so when nobody can be asked', async () => {
    b.simulator.account.status = 'suspended'
    await expect(b.ask('live.account', account())).rejects.toThrow('it is suspended')
    b.simulator.account.status = 'active'
    b.simulator.faults.rest({ kind: 'drop', when: 'before' }, 'any', 1)
    await expect(b.ask('live.account', account())).rejects.toMatchObject({ code: 'account_unreached' })
    expect((await b.ask('live.account', account())).account.state).toBe('good')
  })

  it('goes one step after the other, each said in words', async () => {
    await expect(b.ask('live.go', {})).rejects.toMatchObject({ code: 'account_missing' })
    await b.ask('live.account', account())
    await expect(b.ask('live.go', {})).rejects.toMatchObject({ code: 'numbers_missing' })
    await b.ask('live.choose', { numbers: [{ sid: number().sid, voice: 'leave' }] })
    await expect(b.ask('live.go', {})).rejects.toMatchObject({ code: 'way_missing' })
    for (const url of [
      'sms.example.com',
      'http://sms.example.com',
      'https://a_b.example.com',
      'https://u:p@x.example',
    ])
      await expect(b.ask('live.way', { kind: 'address', url })).rejects.toMatchObject({ code: 'bad_address' })
  })

  it('warns of what will surprise: a trial, an unregistered number, calls without a fallback', async () => {
    b.simulator.account.isTrial = true
    await goLive('here')
    const { warnings } = await b.ask('live.get', {})
    expect(warnings.map(({ code }) => code).sort()).toEqual([
      'fallback_voice',
      'not_registered',
      'token_in_memory',
      'trial',
    ])
  })
})

describe('pointing numbers', () => {
  it('takes calls only where chosen, with who answered them as the fallback, and gives them back', async () => {
    Object.assign(number(), { voice_url: 'https://before.example/voice', voice_method: 'GET' })
    await goLive('here')
    expect(number()).toMatchObject({
      voice_url: expect.stringContaining(`${own()}/webhooks/voice#`) as unknown,
      voice_fallback_url: 'https://before.example/voice',
      status_callback: expect.stringContaining('/webhooks/voice/status') as unknown,
    })
    await b.ask('live.choose', { numbers: [{ sid: number().sid, voice: 'leave' }] })
    expect(number()).toMatchObject({
      voice_url: 'https://before.example/voice',
      voice_method: 'GET',
      voice_fallback_url: '',
      status_callback: '',
      sms_url: expect.stringContaining(own()) as unknown,
    })
    await b.ask('live.choose', { numbers: [{ sid: number(OTHER).sid, voice: 'leave' }] })
    expect(number().sms_url).toBe('')
    expect(number(OTHER).sms_url).toContain(own())
  })

  it('sees that another program changed a number, leaves it so, and takes it back when asked', async () => {
    await goLive()
    number().sms_url = 'https://other.example/sms'
    await b.ask('live.numbers', {})
    const [changed] = (await b.ask('live.get', {})).numbers.filter(({ chosen }) => chosen)
    expect(changed).toMatchObject({ state: 'elsewhere' })
    expect(number().sms_url).toBe('https://other.example/sms')
    await b.ask('live.go', {})
    expect(number().sms_url).toContain(own())
    await b.ask('live.leave', {})
    // Theirs, for it was the last that was not ours.
    expect(number().sms_url).toBe('https://other.example/sms')
  })

  it('says that an application takes the place of the addresses', async () => {
    number().sms_application_sid = `AP${'1'.repeat(32)}`
    await b.ask('live.account', account())
    const view = await b.ask('live.choose', { numbers: [{ sid: number().sid, voice: 'leave' }] })
    expect(view.numbers.find(({ chosen }) => chosen)).toMatchObject({
      state: 'overridden',
      problem: expect.stringContaining(`AP${'1'.repeat(32)}`) as unknown,
    })
    expect(view.warnings.map(({ code }) => code)).toContain('overridden')
  })

  it('tries again what failed and may go well, and points the other number meanwhile', async () => {
    await b.ask('live.account', account())
    await b.ask('live.choose', {
      numbers: [BUSINESS_NUMBER, OTHER].map((one) => ({ sid: number(one).sid, voice: 'leave' as const })),
    })
    await b.ask('live.way', { kind: 'address', url: own() })
    await b.until(({ tunnel }) => tunnel.state === 'up')
    // The list goes well, the first number's change does not.
    b.simulator.faults.rest({ kind: 'limited', retryAfter: 1 }, 'update', 1)
    const view = await b.ask('live.go', {})
    expect(view.numbers.map(({ state }) => state).sort()).toContain('here')
    expect(view.live).toBe(false)
    expect((await b.until(({ live }) => live)).numbers.every(({ problem }) => problem === '')).toBe(true)
  })

  it('goes live again at the next start, at the new address, with what was before still known', async () => {
    number().sms_url = 'https://before.example/sms'
    await goLive()
    const first = own()
    await b.restart({
      account: fixedAccount({ accountSid: b.simulator.accountSid, authToken: b.simulator.authToken }),
    })
    // An own address stays its owner's: it is not taken back at the end.
    expect(number().sms_url).toContain(first)
    await b.ask('live.way', { kind: 'address', url: own() })
    await b.until(({ live }) => live)
    expect(number().sms_url).toContain(own())
    expect(own()).not.toBe(first)
    await b.ask('live.leave', {})
    expect(number().sms_url).toBe('https://before.example/sms')
  })

  it('an account from the environment can’t be changed from a screen', async () => {
    await b.restart({
      account: fixedAccount({ accountSid: b.simulator.accountSid, authToken: b.simulator.authToken }),
    })
    await expect(b.ask('live.account', account())).rejects.toMatchObject({ code: 'account_fixed' })
    await expect(b.ask('live.forget', {})).rejects.toMatchObject({ code: 'account_fixed' })
    expect((await b.until(({ account: of }) => of.state === 'good')).account.kept).toBe('environment')
  })

  it('forgetting the account puts the numbers back first', async () => {
    number().sms_url = 'https://before.example/sms'
    await goLive()
    const view = await b.ask('live.forget', {})
    expect(view).toMatchObject({ account: { state: 'none' }, live: false, numbers: [] })
    expect(number().sms_url).toBe('https://before.example/sms')
  })
})

describe('what stands beside a number at Twilio', () => {
  const chosen = async () => {
    const view = await b.ask('live.numbers', {})
    const found = view.numbers.find((one) => one.chosen)
    if (!found) throw new Error('no number is chosen')
    return { view, found }
  }

  it('says which service takes a number’s texts, and sees when it lets go', async () => {
    await goLive()
    const service = addService(b.simulator.account, {
      friendly_name: 'Reminders',
      numbers: [number()],
      inbound_request_url: 'https://reminders.example/in',
    })
    const { view, found } = await chosen()
    expect(found).toMatchObject({
      state: 'overridden',
      problem: expect.stringMatching(/“Reminders”.*reminders\.example/) as unknown,
    })
    expect(view.live).toBe(false)
    service.use_inbound_webhook_on_number = true
    expect(await chosen()).toMatchObject({ view: { live: true }, found: { state: 'here', problem: '' } })
  })

  it('says that a service drops texts, and which application takes them', async () => {
    await goLive()
    const service = addService(b.simulator.account, { friendly_name: 'Reminders', numbers: [number()] })
    expect((await chosen()).found.problem).toContain('drops')
    b.simulator.account.messaging.services.delete(service.sid)
    number().sms_application_sid = addApplication(b.simulator.account, {
      friendly_name: 'Helpdesk',
      sms_url: 'https://helpdesk.example/sms',
    }).sid
    expect((await chosen()).found.problem).toMatch(/“Helpdesk”.*helpdesk\.example/)
  })

  it('warns of a missing registration until a campaign covers the number', async () => {
    await goLive()
    const warned = async () => {
      const { warnings } = (await chosen()).view
      return warnings.find(({ code }) => code === 'not_registered')?.sentence
    }
    addBrand(b.simulator.account, 'APPROVED')
    expect(await warned()).toContain(BUSINESS_NUMBER)
    addService(b.simulator.account, {
      numbers: [number()],
      use_inbound_webhook_on_number: true,
      us_app_to_person_registered: true,
    })
    expect(await warned()).toBeUndefined()
  })

  it('knows which number has WhatsApp', async () => {
    addSender(b.simulator.account, OTHER)
    const { numbers } = await b.ask('live.account', account())
    expect(numbers.filter(({ can }) => can.whatsapp).map((one) => one.number)).toEqual([OTHER])
  })

  it('an account that may not ask about services is set up all the same', async () => {
    b.simulator.faults.rest({ kind: 'refuse', code: 20003, status: 403 }, 'messaging', 1_000)
    await goLive()
    expect(await chosen()).toMatchObject({ view: { live: true }, found: { state: 'here', problem: '' } })
  })

  it('a service that can’t be asked about says nothing, and stands in nobody’s way', async () => {
    await b.ask('live.account', account())
    b.simulator.faults.rest({ kind: 'drop', when: 'before' }, 'messaging', 1)
    const { numbers } = await b.ask('live.numbers', {})
    expect(numbers.map(({ problem }) => problem)).toEqual(['', ''])
  })
})

describe('the self-test', () => {
  it('goes all the way round through the public address, and says what Twilio does with the number', async () => {
    await goLive()
    const view = await b.ask('live.test', { sid: number().sid })
    expect(view.test).toMatchObject({ number: BUSINESS_NUMBER, done: true })
    expect(view.test?.hops.map(({ ok }) => ok)).toEqual([true, true, true, true, true])
    expect((await b.ask('sessions.list', {})).sessions).toEqual([])
    expect(view.heard).toBe(false)

    number().sms_url = 'https://other.example/sms'
    const { test } = await b.ask('live.test', { sid: number().sid })
    expect(test?.hops.at(-1)).toMatchObject({
      ok: false,
      sentence: expect.stringContaining('other.example') as unknown,
    })
  })
})
