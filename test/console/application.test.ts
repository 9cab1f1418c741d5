import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { cp, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fixedAccount } from '../../src/server/account.ts'
import { type Application, type ApplicationOptions, startApplication } from '../../src/server/application.ts'
import { callControl, createStore, RealDisk } from '../../src/server/store/index.ts'
import { createIds, createLog, systemClock } from '../../src/server/system/index.ts'
import type { RequestInput, RequestName, Result, Results, World } from '../../src/shared/contract.ts'
import { ACCOUNT, ANN, BUSINESS, newSid, TOKEN } from '../support/running.ts'
import { signedRequest } from '../webhooks/signed-request.ts'
import { MemoryTransport } from './memory-transport.ts'

let folder: string
const started: Application[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchboard-'))
})
afterEach(async () => {
  for (const application of started.splice(0)) await application.close()
  await rm(folder, { recursive: true, force: true })
})

const data = (): string => join(folder, 'data')
async function start(more: Partial<ApplicationOptions> = {}): Promise<Application> {
  const application = await startApplication({
    folder: data(),
    webhookPorts: [0],
    consolePorts: [],
    pageFolder: join(folder, 'page'),
    version: 'test',
    account: fixedAccount({ accountSid: ACCOUNT, authToken: TOKEN }),
    ...more,
  })
  started.push(application)
  return application
}

function ask<N extends RequestName>(
  { console }: Application,
  name: N,
  input: RequestInput<N>,
  world: World = 'real',
): Promise<Result<Results[N]>> {
  return new MemoryTransport(console).request(world, name, input)
}

async function text(at: string, body: string): Promise<number> {
  const params = { AccountSid: ACCOUNT, MessageSid: newSid(), From: ANN, To: BUSINESS, Body: body }
  const { url, headers, body: form } = signedRequest(at, '/webhooks/sms', params, TOKEN)
  const response = await fetch(url, { method: 'POST', headers, body: form })
  await response.arrayBuffer()
  return response.status
}

/** Whether anything listens there. */
const listens = (address: string): Promise<boolean> =>
  new Promise((resolve) => {
    const { port, hostname } = new URL(address)
    const socket = connect(Number(port), hostname)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Ports that are open in this process; a closed one goes with the turn after. */
async function servers(): Promise<number> {
  await turn()
  await turn()
  return process.getActiveResourcesInfo().filter((kind) => kind === 'TCPServerWrap').length
}

async function taken(): Promise<{ port: number; close: () => Promise<void> }> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { port: address.port, close: () => new Promise((resolve) => server.close(() => resolve())) }
}

/** The folder can be had: nobody holds it any more. */
async function isFree(): Promise<void> {
  const store = await createStore({
    folder: data(),
    clock: systemClock,
    ids: createIds(systemClock),
    log: createLog({ clock: systemClock, sinks: [] }),
  })
  await store.close()
}

describe('starting', () => {
  it('with no webhook port free leaves nothing open', async () => {
    const other = await taken()
    const before = await servers()
    await expect(start({ webhookPorts: [other.port] })).rejects.toMatchObject({ code: 'port_taken' })
    expect(await servers()).toBe(before)
    await isFree()
    await other.close()
  })

  it('with no console port free leaves nothing open', async () => {
    const other = await taken()
    const before = await servers()
    await expect(start({ consolePorts: [other.port] })).rejects.toMatchObject({ code: 'port_taken' })
    expect(await servers()).toBe(before)
    await isFree()
    await other.close()
  })

  it('as a simulation with no port free, or on real data, leaves nothing open', async () => {
    const other = await taken()
    const before = await servers()
    await expect(start({ simulator: true, webhookPorts: [other.port] })).rejects.toMatchObject({
      code: 'port_taken',
    })
    expect(await servers()).toBe(before)
    await other.close()
    await isFree()
    await rm(data(), { recursive: true })
    const real = await start()
    expect(await text(real.main.webhooks, 'real')).toBe(200)
    await real.close()
    const then = await servers()
    await expect(start({ simulator: true })).rejects.toMatchObject({ code: 'not_possible' })
    expect(await servers()).toBe(then)
    await isFree()
  })

  it('as a simulation on a real console’s folder that no message has come to is refused', async () => {
    await (await start()).close()
    await expect(start({ simulator: true })).rejects.toMatchObject({
      code: 'not_possible',
      message: expect.stringContaining(data()) as unknown,
    })
    await (await start()).close()
  })

  it('on a folder another holds is refused, and harms neither', async () => {
    const first = await start()
    const before = await servers()
    await expect(start()).rejects.toMatchObject({ code: 'data_locked' })
    expect(await servers()).toBe(before)
    expect(await text(first.main.webhooks, 'still here')).toBe(200)
    expect(await callControl(data(), 'config.set', { key: 'sessions.gap', value: '7m' })).toMatchObject({
      value: '7m',
    })
  })
})

describe('closing', () => {
  it('during traffic: what was taken is there, the rest was refused, and nothing is left open', async () => {
    const before = await servers()
    const application = await start({ consolePorts: [0] })
    const { webhooks } = application.main
    const { consoleUrl } = application
    const texts = Array.from({ length: 60 }, (_, i) => text(webhooks, `text ${String(i)}`).catch(() => 0))
    await texts[0]
    const sends = Array.from({ length: 20 }, (_, i) =>
      ask(application, 'contacts.save', { number: ANN, notes: String(i) }),
    )
    await application.close()
    const statuses = await Promise.all(texts)
    // Errors are values, at the end too.
    for (const result of await Promise.all(sends)) expect(typeof result.ok).toBe('boolean')
    expect(await servers()).toBe(before)
    expect(await listens(webhooks)).toBe(false)
    expect(await listens(consoleUrl)).toBe(false)
    const again = await start()
    const { store } = again.main
    const { sessions } = store.sessions({})
    const messages = await store.messages(sessions.map((s) => s._id))
    expect(messages.length).toBeGreaterThanOrEqual(statuses.filter((status) => status === 200).length)
  })

  it('twice at once is once, and the log is on disk', async () => {
    const application = await start()
    await text(application.main.webhooks, 'logged')
    await Promise.all([application.close(), application.close()])
    await application.close()
    const log = await readFile(join(data(), 'logs', 'switchboard.log'), 'utf8')
    expect(log).toContain(`SMS received from ${ANN} to ${BUSINESS}: logged`)
    await isFree()
  })

  it('with a simulation running, or just starting, takes that along', async () => {
    const before = await servers()
    const running = await start()
    await ask(running, 'simulation.start', {})
    await running.close()
    expect(await servers()).toBe(before)
    const starting = await start()
    const asked = ask(starting, 'simulation.start', {})
    await turn()
    await starting.close()
    expect(await asked).toMatchObject({ ok: true })
    expect(starting.simulation).toBeUndefined()
    expect(await servers()).toBe(before)
    expect(await ask(starting, 'simulation.start', {})).toMatchObject({
      ok: false,
      error: { code: 'not_possible' },
    })
    expect(await starting.setBrowserConsole(true)).toBe('')
    expect(await servers()).toBe(before)
  })
})

describe('the browser console', () => {
  it('goes on, off and on again, and has one port however often it is asked for', async () => {
    const application = await start()
    const before = await servers()
    expect(application.consoleUrl).toBe('')
    const [one, two] = await Promise.all([
      application.setBrowserConsole(true),
      application.setBrowserConsole(true),
    ])
    expect(one).toBe(two)
    expect(await servers()).toBe(before + 1)
    expect(await listens(one)).toBe(true)
    const [off, on] = await Promise.all([
      application.setBrowserConsole(false),
      application.setBrowserConsole(true),
    ])
    expect([off, on]).toEqual(['', application.consoleUrl])
    expect(on).not.toBe(one)
    expect(await listens(on)).toBe(true)
    await Promise.all([application.setBrowserConsole(true), application.setBrowserConsole(false)])
    expect(application.consoleUrl).toBe('')
    expect(await servers()).toBe(before)
  })
})

/** Reads no message while it is ill. */
class IllDisk extends RealDisk {
  isIll = false
  override readFile(file: string): Promise<Buffer> {
    const isMessages = dirname(file).endsWith('messages')
    return this.isIll && isMessages
      ? Promise.reject(Object.assign(new Error('unreadable'), { code: 'EIO' }))
      : super.readFile(file)
  }
}

describe('the simulation beside the real world', () => {
  it('that could not be gone on with holds nothing back from the next start', async () => {
    const disk = new IllDisk()
    const store = { disk, segmentRows: 2 }
    const first = await start({ store })
    await ask(first, 'simulation.start', {})
    await ask(first, 'phone.scenario', { name: 'within' }, 'simulation')
    await first.close()
    const again = await start({ store })
    disk.isIll = true
    expect(await ask(again, 'simulation.start', {})).toMatchObject({ ok: false })
    disk.isIll = false
    expect(await ask(again, 'simulation.start', {})).toMatchObject({ ok: true })
  })

  it('started twice at once, and again, is one', async () => {
    const application = await start()
    const [one, two] = await Promise.all([1, 2].map(() => ask(application, 'simulation.start', {})))
    expect(one).toMatchObject({ ok: true, value: { running: true, business: BUSINESS } })
    expect(two).toMatchObject({ ok: true })
    const { simulation } = application
    expect(await ask(application, 'simulation.start', {})).toMatchObject({ ok: true })
    expect(application.simulation).toBe(simulation)
    expect(existsSync(join(folder, 'data-simulation'))).toBe(true)
  })

  it('stopped while it starts is stopped, and can be started again', async () => {
    const application = await start()
    const before = await servers()
    const both = await Promise.all([
      ask(application, 'simulation.start', {}),
      ask(application, 'simulation.stop', {}),
    ])
    expect(both.map((b) => b.ok)).toEqual([true, true])
    expect(application.simulation).toBeUndefined()
    expect(await servers()).toBe(before)
    expect(await ask(application, 'truth.get', {})).toMatchObject({ value: { simulation_running: false } })
    expect(await ask(application, 'simulation.start', {})).toMatchObject({ ok: true })
    expect(await ask(application, 'simulation.stop', {})).toMatchObject({ ok: true })
    expect(await ask(application, 'simulation.stop', {})).toMatchObject({ ok: true })
    expect(existsSync(join(folder, 'data-simulation'))).toBe(false)
  })

  it('does not begin in a folder that holds something else', async () => {
    const application = await start()
    mkdirSync(join(folder, 'data-simulation'))
    writeFileSync(join(folder, 'data-simulation', 'thesis.txt'), 'years of work')
    expect(await ask(application, 'simulation.start', {})).toMatchObject({
      ok: false,
      error: { code: 'not_possible' },
    })
    expect(existsSync(join(folder, 'data-simulation', 'thesis.txt'))).toBe(true)
  })

  it('is not thrown away where it never ran and something else lies', async () => {
    const application = await start()
    mkdirSync(join(folder, 'data-simulation'))
    writeFileSync(join(folder, 'data-simulation', 'thesis.txt'), 'years of work')
    for (const name of ['simulation.stop', 'simulation.kept'] as const)
      expect(await ask(application, name, {})).toMatchObject({ ok: false, error: { code: 'not_possible' } })
    expect(existsSync(join(folder, 'data-simulation', 'thesis.txt'))).toBe(true)
  })

  it('killed early, with nothing but its journal, is gone on with', async () => {
    const first = await start()
    await ask(first, 'simulation.start', {})
    await ask(first, 'phone.text', { from: ANN, medium: 'sms', body: 'Hello' }, 'simulation')
    const itsData = join(folder, 'data-simulation')
    await cp(join(itsData, 'journal'), join(folder, 'killed', 'journal'), { recursive: true })
    expect(existsSync(join(itsData, 'store.json'))).toBe(false)
    await started.splice(0)[0]?.close()
    await rm(itsData, { recursive: true })
    await rename(join(folder, 'killed'), itsData)

    const again = await start()
    expect(await ask(again, 'simulation.kept', {})).toMatchObject({ value: { sessions: 1 } })
    expect(await ask(again, 'simulation.start', {})).toMatchObject({
      value: { phones: [{ label: 'Ann' }, {}, {}] },
    })
  })

  it('takes commands for its own folder while it runs', async () => {
    const application = await start()
    await ask(application, 'simulation.start', {})
    const itsData = join(folder, 'data-simulation')
    expect(await callControl(itsData, 'backup', {})).toMatchObject({ seq: expect.any(Number) as unknown })
    expect(await callControl(itsData, 'config.set', { key: 'sessions.gap', value: '9m' })).toMatchObject({
      value: '9m',
    })
    expect(application.main.store.gaps()).toEqual([])
    await application.close()
    await expect(callControl(itsData, 'verify', {})).rejects.toMatchObject({ code: 'not_running' })
  })

  it('kept from before says how much it kept, is gone on with, or begun afresh at the real time', async () => {
    const first = await start()
    expect(await ask(first, 'simulation.kept', {})).toMatchObject({ value: { sessions: 0 } })
    await ask(first, 'simulation.start', {})
    await ask(first, 'phone.advance', { ms: 3 * 86_400_000 }, 'simulation')
    await ask(first, 'phone.scenario', { name: 'after' }, 'simulation')
    expect(await ask(first, 'simulation.kept', {})).toMatchObject({ value: { sessions: 2 } })
    await started.splice(0)[0]?.close()

    const again = await start()
    expect(await ask(again, 'simulation.kept', {})).toMatchObject({ value: { sessions: 2 } })
    expect(again.simulation).toBeUndefined()
    expect(await ask(again, 'simulation.start', {})).toMatchObject({
      value: { phones: [{ label: 'Ann', lines: [{ body: 'Hello' }, {}, { body: 'Hi again' }, {}] }, {}, {}] },
    })
    const runs: boolean[] = []
    const screen = new MemoryTransport(again.console)
    screen.subscribe((event) => {
      if (event.kind === 'truth') runs.push(event.truth.simulation_running)
    })
    await screen.request('real', 'feed.start', {})
    await ask(again, 'simulation.stop', {})
    expect(runs.at(-1)).toBe(false)
    expect(await ask(again, 'simulation.kept', {})).toMatchObject({ value: { sessions: 0 } })
    const afresh = await ask(again, 'simulation.start', {})
    expect(afresh).toMatchObject({ value: { phones: [{ lines: [] }, { lines: [] }, { lines: [] }] } })
    const now = afresh.ok ? Date.parse(afresh.value.now) : NaN
    expect(Math.abs(now - Date.now())).toBeLessThan(60_000)
    expect(await ask(again, 'sessions.list', {}, 'simulation')).toMatchObject({ value: { total: 0 } })
  })

  it('of real data in its place is neither gone on with nor thrown away', async () => {
    const real = await start({ folder: join(folder, 'data-simulation') })
    await text(real.main.webhooks, 'hello')
    await started.splice(0)[0]?.close()
    const application = await start()
    for (const name of ['simulation.kept', 'simulation.start', 'simulation.stop'] as const)
      expect(await ask(application, name, {})).toMatchObject({ ok: false, error: { code: 'not_possible' } })
    expect(existsSync(join(folder, 'data-simulation', 'store.json'))).toBe(true)
  })

  it('has a line of truth of its own, and the real world is not touched', async () => {
    const application = await start()
    await ask(application, 'simulation.start', {})
    expect(await ask(application, 'truth.get', {}, 'simulation')).toMatchObject({
      value: { world: 'simulation', state: 'listening', account: 'simulation', action: null, problems: [] },
    })
    expect(await ask(application, 'truth.get', {})).toMatchObject({
      value: { world: 'real', state: 'listening', account: 'set', simulation_running: true },
    })
    await ask(application, 'phone.text', { from: ANN, medium: 'sms', body: 'hello' }, 'simulation')
    expect(await ask(application, 'sessions.list', {}, 'simulation')).toMatchObject({ value: { total: 1 } })
    expect(await ask(application, 'sessions.list', {})).toMatchObject({ value: { total: 0 } })
    expect(await ask(application, 'phone.text', { from: ANN, medium: 'sms', body: 'x' })).toMatchObject({
      ok: false,
      error: { code: 'not_possible' },
    })
  })

  it('a whole program that is one answers in both worlds, the machine’s requests too, and closes as one', async () => {
    const before = await servers()
    const application = await start({ simulator: true, handlers: { 'app.set': () => ({}) } })
    for (const world of ['real', 'simulation'] as const) {
      expect(await ask(application, 'truth.get', {}, world)).toMatchObject({ value: { world: 'simulation' } })
      expect(await ask(application, 'simulation.start', {}, world)).toMatchObject({
        value: { running: true },
      })
      expect(await ask(application, 'app.set', { key: 'theme', value: 'dark' }, world)).toMatchObject({
        ok: true,
      })
    }
    expect(await ask(application, 'feed.start', {})).toMatchObject({ value: { world: 'simulation' } })
    await application.close()
    expect(await servers()).toBe(before)
    await isFree()
  })

  it('hides in its log what the settings hide', async () => {
    const lines: string[] = []
    const application = await start({ simulator: true, logSinks: [(line) => lines.push(line)] })
    await ask(application, 'settings.set', { key: 'privacy.log_bodies', value: false })
    await ask(application, 'phone.text', { from: ANN, medium: 'sms', body: 'a secret' })
    expect(lines.join('')).toContain('SMS received')
    expect(lines.join('')).not.toContain('a secret')
  })
})

describe('the control port', () => {
  it('does commands in the running console, and refuses in words', async () => {
    const application = await start()
    await text(application.main.webhooks, 'hello')
    expect(
      await callControl(data(), 'simulate', { type: 'sms', from: ANN, body: 'by command' }),
    ).toMatchObject({
      session: application.main.store.sessions({}).sessions[0]?._id,
    })
    expect(await callControl(data(), 'config.set', { key: 'sessions.gap', value: '10m' })).toMatchObject({
      value: '10m',
    })
    expect(await callControl(data(), 'regroup', { gap: '1s', dry_run: true })).toMatchObject({
      dry_run: true,
    })
    expect(await callControl(data(), 'backup', {})).toMatchObject({ seq: expect.any(Number) as unknown })
    expect(await callControl(data(), 'verify', {})).toBeDefined()
    await expect(
      callControl(data(), 'config.set', { key: 'sessions.gap', value: '1ms' }),
    ).rejects.toMatchObject({ code: 'bad_gap' })
    await expect(callControl(data(), 'config.set', {})).rejects.toMatchObject({ code: 'bad_request' })
    await expect(callControl(data(), 'simulate', { type: 'sms', from: ANN, at: 1 })).rejects.toMatchObject({
      code: 'simulation_only',
    })
    await expect(callControl(data(), 'burn', {})).rejects.toMatchObject({ code: 'not_possible' })
    await application.close()
    await expect(callControl(data(), 'verify', {})).rejects.toMatchObject({ code: 'not_running' })
  })
})
