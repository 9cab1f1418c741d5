import { describe, expect, it } from 'vitest'
import type { ServeOptions, Serving } from '../../src/server/cli/backstage.ts'
import { fakeBackstage, runCommand } from './fake-terminal.ts'

const READY = { webhooks: 'http://127.0.0.1:4400', console: 'http://127.0.0.1:8080/enter/secret', data: '/d' }

async function serve(argv: string[], serving: Partial<Serving> = {}) {
  const asked: ServeOptions[] = []
  const order: string[] = []
  const ran = await runCommand(
    ['serve', ...argv],
    fakeBackstage({
      serve: (options) => {
        asked.push(options)
        return Promise.resolve({
          ready: READY,
          hasToken: true,
          ...serving,
          close: () => {
            order.push('closed')
            return Promise.resolve()
          },
        })
      },
    }),
    {
      onStop: (stop) => {
        setTimeout(() => {
          order.push('stopped')
          stop()
        }, 10)
      },
    },
  )
  return { ...ran, order, options: asked[0] }
}

describe('serve', () => {
  it('prints the ready event first, and ends with 0 once what is under way is done', async () => {
    const simulator = { api: 'http://127.0.0.1:5000', accountSid: 'AC1', authToken: 't' }
    const { code, json, order } = await serve(['--json', '--simulator'], { ready: { ...READY, simulator } })
    expect(json).toEqual([{ event: 'ready', ...READY, simulator }])
    expect(code).toBe(0)
    expect(order).toEqual(['stopped', 'closed'])
  })

  it('takes the port asked for, or from the default on, and says so when that one was taken', async () => {
    const asked = await serve([
      '--webhook-port',
      '0',
      '--console-port',
      '9000',
      '--public-url',
      'https://example.com/',
    ])
    expect(asked.options).toMatchObject({
      webhookPorts: [0],
      consolePorts: [9000],
      publicUrl: 'https://example.com',
      tunnel: 'none',
    })
    const { options, err } = await serve([], { ready: { ...READY, webhooks: 'http://127.0.0.1:4401' } })
    expect(options?.webhookPorts.slice(0, 2)).toEqual([4400, 4401])
    expect(options?.consolePorts[0]).toBe(8080)
    expect(err).toContain('Port 4400 is taken: 4401 is used instead.')
    expect(err).not.toContain('8080')
  })

  it('tells a person where things are and what to do next', async () => {
    const without = await serve([], { hasToken: false })
    expect(without.out).toContain(READY.console)
    expect(without.out).toContain('No Twilio auth token is set')
    const simulated = await serve(['--simulator'], {
      ready: { ...READY, simulator: { api: 'x', accountSid: 'AC1', authToken: 't' } },
    })
    expect(simulated.out).toContain('switchboard simulate sms')
    expect(simulated.out).not.toContain('AC1')
    expect((await serve([])).out).toContain('--tunnel localtunnel')
  })
})
