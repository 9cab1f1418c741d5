/** The disk takes nothing for a while: the numbers are looked at all the same, and nothing waits for a new start. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { accountInMemory, fixedAccount } from '../../src/server/account.ts'
import { BUSINESS_NUMBER } from '../../src/server/carrier/simulator/index.ts'
import type { OpenFile } from '../../src/server/store/disk.ts'
import { RealDisk } from '../../src/server/store/index.ts'
import { systemClock } from '../../src/server/system/index.ts'
import { DiskError } from '../store/memory-disk.ts'
import { bed, type Bed } from './bed.ts'

/** Has no room for what is written about going live, so often. */
class FullDisk extends RealDisk {
  refusals = 0

  override async open(file: string, how: 'read' | 'write' | 'new'): Promise<OpenFile> {
    const open = await super.open(file, how)
    return {
      write: async (bytes, position) => {
        if (this.refusals > 0 && Buffer.from(bytes).includes('live.kept')) {
          this.refusals -= 1
          throw new DiskError('ENOSPC', 'no space left on device, write')
        }
        return open.write(bytes, position)
      },
      read: (into, position) => open.read(into, position),
      truncate: (size) => open.truncate(size),
      sync: () => open.sync(),
      size: () => open.size(),
      close: () => open.close(),
    }
  }
}

/** A clock that never comes by itself to what is `from` ms or more ahead. */
function patientClock(from: number) {
  let waiting: { ms: number; task: () => void }[] = []
  return {
    isWaitedFor: (ms: number) => waiting.some((one) => one.ms === ms),
    /** Does all that is waited for. */
    come() {
      const due = waiting
      waiting = []
      for (const { task } of due) task()
    },
    clock: {
      now: () => systemClock.now(),
      after: (ms: number, task: () => void) => {
        if (ms < from) return systemClock.after(ms, task)
        const one = { ms, task }
        waiting.push(one)
        return () => void (waiting = waiting.filter((other) => other !== one))
      },
    },
  }
}

const LOOK_EVERY_MS = 600_000
/** What failed is tried again after this. */
const FIRST_WAIT_MS = 4_000

let b: Bed
const disk = new FullDisk()
beforeEach(async () => {
  disk.refusals = 0
  b = await bed([BUSINESS_NUMBER])
  await b.goLive()
})
afterEach(async () => {
  await b.close()
})

const number = () => b.number()
const own = () => b.own()
const port = () => Number(new URL(own()).port)
const account = () => fixedAccount({ accountSid: b.simulator.accountSid, authToken: b.simulator.authToken })

it('a look that finds nothing new writes nothing, and the next one is due', async () => {
  const { clock, come, isWaitedFor } = patientClock(LOOK_EVERY_MS)
  await b.restart({ account: account(), webhookPorts: [port()], clock, store: { disk } })
  const first = await b.until(({ live }) => live)
  disk.refusals = Infinity
  come()
  const second = await b.until(
    ({ numbers_read_at, doing }) => numbers_read_at !== first.numbers_read_at && doing === '',
  )
  expect(second).toMatchObject({ live: true, numbers: [{ problem: '' }] })
  expect(b.application.main.store.state()).toEqual({ state: 'ok' })
  expect(isWaitedFor(LOOK_EVERY_MS)).toBe(true)
})

it('an address that could not be written down is pointed at as soon as the disk takes something again', async () => {
  const { clock } = patientClock(FIRST_WAIT_MS)
  disk.refusals = 1
  const next = `http://localhost:${String(port())}`
  await b.restart({ account: account(), webhookPorts: [port()], publicUrl: next, clock, store: { disk } })
  await b.until(() => number().sms_url.startsWith(next))
  expect(disk.refusals).toBe(0)
})

it('says that there is no account once it is forgotten, though the choice of its numbers could not be written', async () => {
  await b.ask('live.leave', {})
  const keeper = accountInMemory()
  await keeper.set({ accountSid: b.simulator.accountSid, authToken: b.simulator.authToken })
  await b.restart({ account: keeper, store: { disk } })
  disk.refusals = 1
  await expect(b.ask('live.forget', {})).rejects.toMatchObject({ code: 'disk_full' })
  expect(keeper.current()).toBeUndefined()
  expect(b.application.main.truth.view().account).toBe('none')
  expect((await b.ask('live.get', {})).account.state).toBe('none')
})
