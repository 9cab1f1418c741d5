/** One check of an own address, wherever it is given. */
import { describe, expect, it, onTestFinished } from 'vitest'
import { publicAddress } from '../../src/server/public-address.ts'
import { bed } from './bed.ts'

const REFUSED = [
  ['sms.example.com', 'no web address'],
  ['https://.', 'no web address'],
  ['https://example..com', 'no web address'],
  ['https://sms.example.com:0', 'no web address'],
  ['http://sms.example.com', 'not https'],
  ['https://a_b.example.com', 'underscore'],
  ['https://ann:hunter2@sms.example.com', 'name and password'],
  ['http://ann:hunter2@127.0.0.1:4400', 'name and password'],
  ['https://sms.example.com/?x=1', 'behind the path'],
  ['https://sms.example.com/?', 'behind the path'],
  ['https://sms.example.com/#in', 'behind the path'],
] as const

describe('an own address', () => {
  it.each([
    'https://sms.example.com',
    'https://example.com/in',
    'http://127.0.0.1:4400',
    'http://a.localhost',
  ])('may be %s', (url) => expect(publicAddress(` ${url}/ `)).toBe(url))

  it.each([
    ['Http://127.0.0.1:4400', 'http://127.0.0.1:4400'],
    ['http:127.0.0.1:4400', 'http://127.0.0.1:4400'],
    ['https://SMS.Example.com:443/a/../crm//', 'https://sms.example.com/crm'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
    ['https://[2001:db8::1]:8443/in', 'https://[2001:db8::1]:8443/in'],
  ])('%s is set as %s', (typed, meant) => expect(publicAddress(typed)).toBe(meant))

  it.each(REFUSED)('may not be %s: %s', (url, why) => {
    expect(() => publicAddress(url)).toThrow(why)
    expect(() => publicAddress(url)).not.toThrow(/hunter2/)
  })

  it('is looked at when it is given at the start too', async () => {
    const b = await bed()
    onTestFinished(() => b.close())
    for (const [publicUrl] of REFUSED)
      await expect(b.restart({ publicUrl })).rejects.toMatchObject({ code: 'bad_address' })
    await b.restart()
    expect(b.lines.join('')).not.toContain('hunter2')
  })
})
