import { describe, expect, it } from 'vitest'
import { createPhones } from '../../src/server/carrier/simulator/index.ts'
import { ANN, BEN, BUSINESS, MORNING, simulation, webhooks } from './support.ts'

/** Phones against a console that answers each text with "re: …" through the REST API. */
async function phonesOf() {
  const { simulator, clock, carrier } = await simulation()
  const texts: { at: number; body: string; from: string }[] = []
  const work = new Set<Promise<unknown>>()
  const { base } = await webhooks(({ path, params }) => {
    if (path !== '/sms') return '<Response><Record action="/done"/></Response>'
    const [from, body] = [params.get('From') ?? '', params.get('Body') ?? '']
    texts.push({ at: clock.now(), body, from })
    const medium = from.startsWith('whatsapp:') ? 'whatsapp' : 'sms'
    const send = carrier.send({
      medium,
      from: BUSINESS,
      to: from.replace('whatsapp:', ''),
      body: `re: ${body}`,
    })
    work.add(send)
    return '<Response/>'
  })
  simulator.point({ sms: `${base}/sms`, voice: `${base}/voice` })
  const settled = async () => {
    await Promise.all(work)
    await simulator.idle()
  }
  const phones = createPhones({ simulator, clock, business: BUSINESS, settled })
  return { phones, texts, clock, simulator, carrier, settled }
}

describe('the test phones', () => {
  it('play the brief’s test within the gap, answers in between', async () => {
    const { phones, texts } = await phonesOf()
    await phones.scenario('within')
    expect(texts.map(({ at }) => (at - MORNING) / 1000)).toEqual([0, 60, 150])
    const ann = phones.view().phones.find(({ number }) => number === ANN)
    expect(ann?.lines.map(({ from, body }) => `${from}: ${body}`)).toEqual([
      'phone: Hello',
      'business: re: Hello',
      'phone: Are you there?',
      'business: re: Are you there?',
      'phone: Can you help?',
      'business: re: Can you help?',
    ])
  })

  it('play the one after the gap, an hour after the last', async () => {
    const { phones, texts } = await phonesOf()
    await phones.scenario('after')
    await phones.scenario('after')
    const minutes = texts.map(({ at }) => (at - MORNING) / 60_000)
    expect(minutes).toEqual([0, 6, 66, 72])
  })

  it('play two phones, a voicemail and a busy morning, one at a time', async () => {
    const { phones, texts, simulator } = await phonesOf()
    await Promise.all([
      phones.scenario('two_phones'),
      phones.scenario('voicemail'),
      phones.scenario('busy_morning'),
    ])
    expect(texts.slice(0, 4).map(({ from }) => from)).toEqual([ANN, BEN, ANN, BEN])
    expect(simulator.account.recordings.size).toBe(2)
    const media = phones.view().phones.flatMap(({ lines }) => lines.map(({ medium }) => medium))
    expect(new Set(media)).toEqual(new Set(['sms', 'whatsapp', 'voice']))
    expect(simulator.account.alerts).toEqual([])
  })

  it('can be taken away again, save those of the brief', async () => {
    const { phones } = await phonesOf()
    await phones.text({ from: '+15550100001', medium: 'sms', body: 'Hello' })
    const labels = () => phones.view().phones.map(({ label }) => label)
    expect(labels()).toEqual(['Ann', 'Ben', 'Chloé', '+15550100001'])
    phones.remove('+15550100001')
    phones.remove(ANN)
    expect(labels()).toEqual(['Ann', 'Ben', 'Chloé'])
  })

  it('taken away are not brought back by what was on its way, but by what is new', async () => {
    const { phones, carrier, settled, texts } = await phonesOf()
    const number = '+15550100001'
    const linesOf = () => phones.view().phones.find((phone) => phone.number === number)?.lines
    const written = phones.text({ from: number, medium: 'sms', body: 'Hello' })
    // Its answer is being sent.
    await expect.poll(() => texts.length).toBe(1)
    phones.remove(number)
    await written
    await settled()
    expect(linesOf()).toBeUndefined()
    await carrier.send({ medium: 'sms', from: BUSINESS, to: number, body: 'Are you there?' })
    await expect.poll(linesOf).toMatchObject([{ body: 'Are you there?' }])
    phones.remove(number)
    await phones.text({ from: number, medium: 'sms', body: 'I am' })
    await settled()
    expect(linesOf()?.map(({ body }) => body)).toEqual(['I am', 're: I am'])
  })

  it('tell when something changed, and take texts by hand', async () => {
    const { phones, clock } = await phonesOf()
    let changes = 0
    const stop = phones.onChange(() => (changes += 1))
    await phones.text({ from: '+4915112345678', medium: 'whatsapp', body: 'Hallo', photo: true })
    expect(changes).toBeGreaterThan(0)
    stop()
    const view = phones.view()
    expect(view).toMatchObject({
      running: true,
      business: BUSINESS,
      now: new Date(clock.now()).toISOString(),
    })
    expect(view.phones.at(-1)).toMatchObject({
      number: '+4915112345678',
      lines: [{ body: 'Hallo', photo: true, medium: 'whatsapp' }],
    })
  })
})
