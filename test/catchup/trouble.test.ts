import { describe, expect, it } from 'vitest'
import type { CatchUpView } from '../../src/shared/live.ts'
import { MemoryDisk } from '../store/memory-disk.ts'
import { Machine } from '../soak/machine.ts'
import { ANN, bed, type Bed } from './bed.ts'

const MINUTE = 60_000

/** Reads until something is waited for, then lets time go by, until it has ended; resolves with what it showed on the way. */
async function throughWaits(b: Bed): Promise<CatchUpView[]> {
  const views: CatchUpView[] = []
  const ended = b.console.catchUp.idle().then(() => true)
  const aMoment = () => new Promise<false>((resolve) => setTimeout(resolve, 5, false))
  while (!(await Promise.race([ended, aMoment()]))) {
    views.push(b.console.catchUp.view())
    await b.clock.advance(1_000)
  }
  return views
}

async function manyMissed(count: number, pageSize: number): Promise<Bed> {
  const b = await bed(undefined, { catchUp: { pause: 0, pageSize } })
  b.tunnel(false)
  for (let n = 0; n < count; n++) {
    await b.text(ANN, `text ${n}`)
    await b.clock.advance(1_000)
  }
  await b.clock.advance(MINUTE)
  await b.console.catchUp.idle()
  return b
}

/** A console opened for the first time, on an account that had a text on each of the forty days before. */
async function fortyDaysBefore(): Promise<Bed> {
  const b = await bed()
  await b.close()
  const start = b.clock.now() - 40 * 86_400_000
  for (let day = 0; day < 40; day++) {
    b.clock.set(start + day * 86_400_000)
    await b.text(ANN, `day ${day}`)
  }
  b.clock.set(start + 40 * 86_400_000)
  await b.open()
  await b.console.catchUp.idle()
  return b
}

describe('trouble while the lists are read', () => {
  it('waits as long as the carrier says at a rate limit, and asks for that page again only', async () => {
    const b = await manyMissed(12, 5)
    const asked: number[] = []
    b.simulator.faults.rest({ kind: 'limited', retryAfter: 7 }, 'list', 2)
    const began = b.clock.now()
    b.console.catchUp.now()
    const views = await throughWaits(b)
    asked.push(b.clock.now() - began)
    expect(asked[0]).toBeGreaterThanOrEqual(14_000)
    expect(views.some(({ state }) => state === 'reading')).toBe(true)
    expect(await b.messages()).toHaveLength(12)
    expect(b.console.catchUp.view().state).toBe('idle')
  })

  it('goes on where the connection was lost', async () => {
    const b = await manyMissed(12, 5)
    b.simulator.faults.rest({ kind: 'drop', when: 'after' }, 'list', 2)
    b.simulator.faults.rest({ kind: 'status', status: 503 }, 'list', 1)
    b.console.catchUp.now()
    await throughWaits(b)
    expect(await b.messages()).toHaveLength(12)
  })

  it('says in plain words what is wrong, and tries again ever later until it succeeds', async () => {
    const b = await bed()
    b.tunnel(false)
    await b.text(ANN, 'missed')
    await b.clock.advance(MINUTE)
    await b.console.catchUp.idle()
    b.simulator.faults.rest({ kind: 'refuse', code: 20003, status: 401 }, 'list', 3)
    b.console.catchUp.now()
    await b.console.catchUp.idle()
    expect(b.console.catchUp.view()).toMatchObject({
      state: 'failed',
      sentence: expect.stringMatching(
        /^Twilio’s lists could not be read\. .+ It is tried again by itself\.$/,
      ) as string,
    })
    expect(b.console.truth.view().catch_up.state).toBe('failed')
    for (let n = 0; n < 20 && b.console.catchUp.view().state !== 'idle'; n++) {
      await b.clock.advance(30_000)
      await b.console.catchUp.idle()
    }
    expect(await b.told()).toEqual([['missed']])
  })

  it('is said of a full disk, and nothing is lost', async () => {
    const disk = new MemoryDisk()
    const b = await bed(undefined, { store: { disk } })
    b.tunnel(false)
    await b.text(ANN, 'missed')
    await b.clock.advance(MINUTE)
    await b.console.catchUp.idle()
    await b.text(ANN, 'missed too')
    await b.clock.advance(MINUTE / 2 + 1_000)
    disk.room = 0
    b.console.catchUp.now()
    await b.console.catchUp.idle()
    expect(b.console.catchUp.view()).toMatchObject({ state: 'failed' })
    expect(b.console.catchUp.view().sentence).toContain('The disk is full')
    disk.room = Infinity
    for (let n = 0; n < 20 && b.console.catchUp.view().state !== 'idle'; n++) {
      await b.clock.advance(30_000)
      await b.console.catchUp.idle()
    }
    expect(await b.told()).toEqual([['missed', 'missed too']])
  })

  it('is cancelled in the middle: what was taken stays, the rest is read later', async () => {
    const b = await manyMissed(12, 5)
    b.simulator.faults.rest({ kind: 'limited', retryAfter: 3_600 }, 'list', 1)
    await b.console.end.handlers['catch_up.start']({ days: 30 })
    await until(b, () => b.clock.waiting > 0 && b.console.catchUp.view().state === 'reading')
    await b.console.end.handlers['catch_up.cancel']({})
    expect(b.console.catchUp.view()).toMatchObject({ state: 'idle' })
    expect(b.console.catchUp.view().sentence).toMatch(/stopped.*when you ask for them again/)
    b.console.catchUp.now()
    await b.console.catchUp.idle()
    expect(await b.messages()).toHaveLength(12)
  })

  it('ended by another account it says so, and nothing of a wish that was stopped before', async () => {
    const b = await manyMissed(12, 5)
    const { accountSid, authToken } = b.simulator
    const set = { accountSid, authToken }
    await b.close()
    await b.open({ credentials: () => set })
    await b.console.catchUp.idle()
    b.simulator.faults.rest({ kind: 'limited', retryAfter: 60 }, 'list', 2)
    await b.console.end.handlers['catch_up.start']({ days: 30 })
    await until(b, () => b.clock.waiting > 0 && b.console.catchUp.view().state === 'reading')
    await b.console.end.handlers['catch_up.cancel']({})
    expect(b.console.catchUp.view().sentence).toMatch(/when you ask for them again/)
    b.console.catchUp.now()
    set.accountSid = `AC${'9'.repeat(32)}`
    await throughWaits(b)
    expect(b.console.catchUp.view()).toMatchObject({
      state: 'idle',
      sentence: 'Another account was entered. Its lists are read by themselves.',
    })
  })

  it('goes on where it was with an account that is entered again', async () => {
    const b = await bed()
    const { accountSid, authToken } = b.simulator
    const set = { accountSid, authToken }
    await b.close()
    await b.open({ credentials: () => set })
    await b.caughtUp()
    set.accountSid = `AC${'9'.repeat(32)}`
    b.simulator.faults.rest({ kind: 'refuse', code: 20003 }, 'list', 1)
    b.console.catchUp.now()
    await b.console.catchUp.idle()
    b.tunnel(false)
    await b.clock.advance(MINUTE)
    await b.text(ANN, 'Meanwhile')
    await b.clock.advance(MINUTE)
    set.accountSid = accountSid
    await b.caughtUp()
    expect((await b.told()).flat()).toEqual(['Meanwhile'])
  })

  it('misses nothing of the time before its first reading came through', async () => {
    const b = await bed()
    await b.close()
    await b.text(ANN, 'Before there was a console')
    await b.clock.advance(MINUTE)
    b.simulator.faults.rest({ kind: 'refuse', code: 20003 }, 'list', 1)
    await b.open({ store: { disk: new MemoryDisk() } })
    await b.console.catchUp.idle()
    expect(b.console.catchUp.view()).toMatchObject({ state: 'failed', read_to: null })
    b.tunnel(false)
    await b.text(ANN, 'Meanwhile')
    await b.clock.advance(2 * MINUTE)
    await b.caughtUp()
    expect((await b.told()).flat()).toEqual(['Meanwhile'])
  })

  it('misses nothing though the clock is set back before its first reading comes through', async () => {
    const b = await bed(undefined, { credentials: () => undefined })
    await b.close()
    b.simulator.faults.rest({ kind: 'drop', when: 'before' }, 'any', 1_000_000)
    const { accountSid, authToken } = b.simulator
    const machine = new Machine(b.clock, 60 * MINUTE)
    await b.open({ clock: machine, credentials: () => ({ accountSid, authToken }) })
    await b.clock.advance(2 * MINUTE)
    machine.step(-60 * MINUTE)
    b.simulator.faults.clear()
    await b.clock.advance(20 * MINUTE)
    await b.console.catchUp.idle()
    b.tunnel(false)
    await b.text(ANN, 'Afterwards')
    await b.clock.advance(15 * MINUTE)
    await b.caughtUp()
    expect((await b.told()).flat()).toEqual(['Afterwards'])
  })

  it('reads for no other account the days that were asked for of one', async () => {
    const b = await bed()
    await b.close()
    await b.text(ANN, 'Of another account')
    await b.clock.advance(60 * MINUTE)
    const { authToken } = b.simulator
    const set = { accountSid: `AC${'b'.repeat(32)}`, authToken }
    b.simulator.faults.rest({ kind: 'refuse', code: 20003, status: 401 }, 'list', 1_000_000)
    await b.open({ credentials: () => set })
    await b.console.catchUp.idle()
    await b.console.end.handlers['catch_up.start']({ days: 30 })
    await b.console.catchUp.idle()
    set.accountSid = `AC${'c'.repeat(32)}`
    b.simulator.faults.clear()
    await b.caughtUp()
    expect((await b.told()).flat()).toEqual([])
  })

  it('counts what was asked for from its beginning, though it failed on the way', async () => {
    const b = await fortyDaysBefore()
    const half = new Promise<void>((resolve) => {
      const stop = b.console.store.onCommit(() => {
        if (b.sessions().length < 20) return
        stop()
        b.simulator.faults.rest({ kind: 'refuse', code: 20003 }, 'list', 1)
        resolve()
      })
    })
    await b.console.end.handlers['catch_up.start']({ days: 39 })
    await half
    await b.console.catchUp.idle()
    expect(b.console.catchUp.view().state).toBe('failed')
    b.console.catchUp.now()
    await b.console.catchUp.idle()
    expect(b.console.catchUp.view().sentence).toMatch(/^39 messages were found/)
  })

  it('killed in the middle it goes on where it was, also with what was asked for', async () => {
    const b = await fortyDaysBefore()
    const half = new Promise<void>((resolve) => {
      const stop = b.console.store.onCommit(() => {
        if (b.sessions().length < 20) return
        stop()
        resolve()
      })
    })
    await b.console.end.handlers['catch_up.start']({ days: 39 })
    await half
    await b.kill()
    await b.open()
    await b.caughtUp()
    expect(b.sessions()).toHaveLength(39)
    expect(b.sessions().every(({ unread_count }) => unread_count === 0)).toBe(true)
  })

  it('is never read twice at once, however many ask', async () => {
    const b = await bed()
    const lists = b.carrier.lists
    let atOnce = 0
    let most = 0
    await b.close()
    await b.open({
      carrier: () => ({
        ...b.carrier,
        lists: {
          ...lists,
          async messages(...range) {
            most = Math.max(most, ++atOnce)
            const page = await lists.messages(...range)
            atOnce -= 1
            return page
          },
        },
      }),
    })
    for (let n = 0; n < 5; n++) {
      b.console.wake()
      b.console.catchUp.read(2)
    }
    await b.console.catchUp.idle()
    expect(most).toBe(1)
  })

  it('reads what was left to its webhook half a minute later, whenever that was', async () => {
    const b = await bed()
    await b.clock.advance(10_000)
    b.tunnel(false)
    await b.text(ANN, 'just now')
    b.console.catchUp.now()
    await b.console.catchUp.idle()
    expect(await b.told()).toEqual([])
    await b.clock.advance(30_000)
    await b.console.catchUp.idle()
    expect(await b.told()).toEqual([['just now']])
  })

  it('reads at once after a sleep that its timers did not notice', async () => {
    const b = await bed()
    b.tunnel(false)
    await b.text(ANN, 'while asleep')
    // The clock has gone on, the timers have not.
    b.clock.set(b.clock.now() + 8 * 3_600_000)
    await b.clock.advance(30_000)
    await b.console.catchUp.idle()
    expect(await b.told()).toEqual([['while asleep']])
  })

  it('a STOP that a full disk refused is known as soon as the disk takes it', async () => {
    const disk = new MemoryDisk()
    const b = await bed(undefined, { store: { disk } })
    await b.text(ANN, 'hello')
    await b.console.idle()
    disk.room = 0
    await b.text(ANN, 'STOP')
    expect(b.console.truth.view().problems).toMatchObject([{ code: 'disk_full' }])
    disk.room = Infinity
    const well = new Promise<void>((resolve) => b.console.store.onState(() => resolve()))
    await b.clock.advance(3_000)
    await well
    await b.console.catchUp.idle()
    const contact = await b.console.end.handlers['contacts.get']({ number: ANN })
    expect(contact.consent).toMatchObject([{ medium: 'sms', state: 'out' }])
  })

  it('is not read without an account', async () => {
    const b = await bed(undefined, { credentials: () => undefined })
    expect(b.console.catchUp.view().state).toBe('off')
    expect(() => b.console.end.handlers['catch_up.start']({})).toThrow(/no Twilio account/)
  })
})

async function until(b: Bed, holds: () => boolean): Promise<void> {
  const ended = b.console.catchUp.idle().then(() => true)
  while (!holds()) {
    if (await Promise.race([ended, new Promise<false>((resolve) => setTimeout(resolve, 2, false))]))
      throw new Error('it ended before')
  }
}
