import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fixedAccount } from '../../src/server/account.ts'
import { addSender, BUSINESS_NUMBER } from '../../src/server/carrier/simulator/index.ts'
import { givenNumbers } from '../../src/server/given-numbers.ts'
import { bed, type Bed } from './bed.ts'

const OTHER = '+15703251810'

describe('SWITCHBOARD_NUMBERS', () => {
  it('names numbers, those whose calls come here, and WhatsApp senders', () => {
    expect(givenNumbers(' +15703251809, +15703251810=voice,whatsapp:+15703251809 ,')).toEqual([
      { kind: 'phone', number: '+15703251809', voice: 'leave' },
      { kind: 'phone', number: '+15703251810', voice: 'here' },
      { kind: 'whatsapp', number: '+15703251809', voice: 'leave' },
    ])
    expect(givenNumbers('')).toBeUndefined()
    expect(givenNumbers(undefined)).toBeUndefined()
  })

  it.each(['15703251809', '+1570 325 180x', '+15703251809=calls', 'whatsapp:+15703251809=voice', 'all'])(
    'refuses %s and says what is meant',
    (value) => {
      expect(() => givenNumbers(value)).toThrow(/SWITCHBOARD_NUMBERS .*\+15705550100/)
    },
  )
})

describe('a number named twice', () => {
  it('is one', () => {
    expect(givenNumbers('+15703251809=voice,+15703251809=voice,whatsapp:+15703251809')).toHaveLength(2)
  })
  it('is refused where it is to be used in two ways', () => {
    expect(() => givenNumbers('+15703251809,+15703251809=voice')).toThrow(/names \+15703251809 twice/)
  })
})

describe('going live by the environment', () => {
  let b: Bed
  beforeEach(async () => {
    b = await bed([BUSINESS_NUMBER, OTHER])
  })
  afterEach(async () => {
    await b.close()
  })
  const number = (which: string) =>
    [...b.simulator.account.numbers.values()].find(({ phone_number }) => phone_number === which)
  const account = () => fixedAccount({ accountSid: b.simulator.accountSid, authToken: b.simulator.authToken })
  /** An address that leads to the console that will start next: its port is not known before. */
  const public_ = (): string => b.application.main.webhooks

  it('points the numbers named and no other, by itself', async () => {
    const sender = addSender(b.simulator.account, OTHER)
    const port = Number(new URL(public_()).port)
    await b.restart({
      account: account(),
      webhookPorts: [port],
      publicUrl: `http://127.0.0.1:${String(port)}`,
      numbers: givenNumbers(`${BUSINESS_NUMBER}=voice,whatsapp:${OTHER}`) ?? [],
    })
    const view = await b.until(({ live }) => live)
    expect(view.numbers.filter(({ chosen }) => chosen).map(({ kind }) => kind)).toEqual(['phone', 'whatsapp'])
    expect(number(BUSINESS_NUMBER)).toMatchObject({
      sms_url: expect.stringContaining(public_()) as unknown,
      voice_url: expect.stringContaining(public_()) as unknown,
    })
    expect(sender.webhook.callback_url).toContain(public_())
    expect(number(OTHER)?.sms_url).toBe('')
    await b.ask('live.leave', {})
    expect(number(BUSINESS_NUMBER)).toMatchObject({ sms_url: '', voice_url: '' })
  })

  it('puts back a number that is no longer named', async () => {
    const port = Number(new URL(public_()).port)
    const named = (value: string) => ({
      account: account(),
      webhookPorts: [port],
      publicUrl: `http://127.0.0.1:${String(port)}`,
      numbers: givenNumbers(value) ?? [],
    })
    await b.restart(named(`${BUSINESS_NUMBER},${OTHER}`))
    await b.until(({ live }) => live)
    expect(number(OTHER)?.sms_url).toContain(public_())
    // An own address is not taken back at the end: the folder is as after a crash.
    await b.restart(named(BUSINESS_NUMBER))
    // It is live before that: the number that stays points here already.
    await b.until(({ numbers }) => numbers.some((one) => one.number === OTHER && one.state === 'untouched'))
    expect(number(OTHER)?.sms_url).toBe('')
    expect(number(BUSINESS_NUMBER)?.sms_url).toContain(public_())
  })

  it('says which number the account does not have, and goes live with the others', async () => {
    const port = Number(new URL(public_()).port)
    await b.restart({
      account: account(),
      webhookPorts: [port],
      publicUrl: `http://127.0.0.1:${String(port)}`,
      numbers: givenNumbers(`${BUSINESS_NUMBER},+15705550199`) ?? [],
    })
    await b.until(({ live }) => live)
    expect(b.lines.join('')).toContain('+15705550199, which this account does not have')
  })

  it('goes on trying while Twilio can’t be reached', async () => {
    const port = Number(new URL(public_()).port)
    b.simulator.faults.rest({ kind: 'drop', when: 'before' }, 'any', 2)
    await b.restart({
      account: account(),
      webhookPorts: [port],
      publicUrl: `http://127.0.0.1:${String(port)}`,
      numbers: givenNumbers(BUSINESS_NUMBER) ?? [],
    })
    await b.until(({ live }) => live)
    expect(number(BUSINESS_NUMBER)?.sms_url).toContain(public_())
  })
})
