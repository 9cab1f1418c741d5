import { describe, expect, it } from 'vitest'
import type { CarrierError } from '../../src/server/carrier/carrier.ts'
import { ANN, bed, type Bed } from './bed.ts'
import { failure, seconds, waitingAndStop, withLists, withoutAnswers, write } from './passing.ts'

const MINUTE = 60_000

/** What a console sends and when, over a network that can be pulled out. */
function pluggable(b: Bed) {
  const net = { up: true, sent: [] as string[], read: 0 }
  const gone = failure('unreached')
  const { carrier } = withLists(b, {
    messages: async (range, next) => {
      if (!net.up) return gone
      const page = await b.carrier.lists.messages(range, next)
      if (page.ok && page.value.items.length > 0) net.read += 1
      return page
    },
  })
  return {
    net,
    carrier: () => ({
      ...carrier(),
      send: async (message: Parameters<typeof b.carrier.send>[0]) => {
        if (!net.up) return gone
        net.sent.push(message.body)
        return b.carrier.send(message)
      },
    }),
  }
}

describe('nothing goes out before the lists were read', () => {
  it.each([12, 65, 80, 95, 110, 150, 3600])(
    'where there is no network for the first %d s',
    async (without) => {
      const b = await bed()
      const id = await waitingAndStop(b)
      const { net, carrier } = pluggable(b)
      net.up = false
      await b.open({ carrier })
      await seconds(b, without, without > 600 ? 10 : 1)
      expect(b.console.catchUp.view()).toMatchObject({
        state: 'failed',
        sentence:
          'Twilio’s lists could not be read. Twilio cannot be reached; check the internet connection. It is tried again by itself.',
      })
      expect(b.lines.filter((line) => line.includes('lists could not be read'))).toHaveLength(1)
      net.up = true
      await seconds(b, 60)
      expect(net.sent).toEqual([])
      expect(await b.console.store.find(id)).toMatchObject({ status: 'canceled', error_code: 21_610 })
    },
  )

  it('which the Status page says of what waits, and not that it is being sent', async () => {
    const b = await bed()
    await waitingAndStop(b)
    const { net, carrier } = pluggable(b)
    net.up = false
    await b.open({ carrier })
    await seconds(b, 60)
    const toSend = () => b.console.truth.view().parts.find(({ id }) => id === 'outbox')?.sentence
    expect(toSend()).toContain('1 message waits until Twilio’s lists were read')
    net.up = true
    await seconds(b, 60)
    expect(toSend()).toBe('Nothing waits to be sent.')
  })

  it('and what the operator wrote meanwhile goes out within half a minute of the network', async () => {
    const b = await bed()
    await b.text(ANN, 'hello')
    await b.console.idle()
    await b.close()
    const { net, carrier } = pluggable(b)
    net.up = false
    await b.open({ carrier })
    await seconds(b, 10 * 60, 5)
    const [session] = b.sessions()
    const channel_id = session?.channel_id ?? ''
    await b.console.end.handlers['messages.send']({
      channel_id,
      medium: 'sms',
      contact: ANN,
      body: 'an answer',
      draft: 'one',
    })
    await seconds(b, 5)
    net.up = true
    await seconds(b, 40)
    expect(net.sent).toContain('an answer')
  })

  it('where the machine was asleep and nobody but its clock tells', async () => {
    const b = await bed()
    await withoutAnswers(b)
    await b.text(ANN, 'hello', { medium: 'whatsapp' })
    await b.console.idle()
    await b.close()
    const { net, carrier } = pluggable(b)
    let limited = true
    const many: CarrierError = { ...failure('limited', 429).error, retryAfter: 20_000 }
    await b.open({
      carrier: () => {
        const { send, ...rest } = carrier()
        return { ...rest, send: async (m) => (limited ? { ok: false, error: many } : send(m)) }
      },
    })
    await seconds(b, 3)
    const message = await write(b, 'whatsapp', 'an offer')
    b.console.outbox.kick()
    await b.console.outbox.idle()
    limited = false
    b.tunnel(false)
    await seconds(b, 1)
    await b.text(ANN, 'STOP', { medium: 'whatsapp' })
    // The clock goes on, the timers do not.
    b.clock.set(b.clock.now() + 60 * MINUTE)
    await seconds(b, 60)
    expect(net.sent).toEqual([])
    expect(await b.console.store.find(message._id)).toMatchObject({ status: 'canceled', error_code: 21_610 })
  })

  it('and reasons to read that come one after another hold nothing for longer', async () => {
    const b = await bed()
    await withoutAnswers(b)
    await b.text(ANN, 'hello')
    await b.console.idle()
    await b.close()
    const sent: number[] = []
    let isSlow = true
    const { carrier } = withLists(b, {
      messages: async (range, next) => {
        if (isSlow) await new Promise<void>((resolve) => b.clock.after(15_000, resolve))
        return b.carrier.lists.messages(range, next)
      },
    })
    await b.open({
      carrier: () => ({
        ...carrier(),
        send: async (message: Parameters<typeof b.carrier.send>[0]) => {
          sent.push(b.clock.now())
          return b.carrier.send(message)
        },
      }),
    })
    await seconds(b, 60)
    const began = b.clock.now()
    await write(b, 'sms', 'an answer')
    for (let n = 0; n < 4; n++) {
      b.console.wake()
      await seconds(b, 10)
    }
    expect((sent[0] ?? Infinity) - began).toBeLessThanOrEqual(21_000)
    // The readings under way end.
    isSlow = false
    await seconds(b, 60)
  })

  it('but where Twilio answers and the lists fail, it does not wait for them', async () => {
    const b = await bed()
    const id = await waitingAndStop(b)
    const { net, carrier } = pluggable(b)
    await b.open({
      carrier: () => {
        const { lists, ...rest } = carrier()
        return { ...rest, lists: { ...lists, messages: async () => failure('trouble', 500) } }
      },
    })
    await seconds(b, 30)
    expect(net.sent).toEqual(['an offer'])
    expect((await b.console.store.find(id))?.status).not.toBe('queued')
  })

  it('and an end before they were read sends nothing either: the next start reads first', async () => {
    const b = await bed()
    const id = await waitingAndStop(b)
    const { net, carrier } = pluggable(b)
    let answer = (): void => undefined
    const late = new Promise<void>((resolve) => {
      answer = resolve
    })
    await b.open({
      carrier: () => {
        const { lists, ...rest } = carrier()
        return {
          ...rest,
          lists: {
            ...lists,
            messages: async (range, next) => {
              await late
              return lists.messages(range, next)
            },
          },
        }
      },
    })
    const closed = b.close()
    answer()
    await closed
    expect(net.sent).toEqual([])
    await b.open({ carrier })
    await seconds(b, 60)
    expect(net.sent).toEqual([])
    expect(await b.console.store.find(id)).toMatchObject({ status: 'canceled', error_code: 21_610 })
  })
})
