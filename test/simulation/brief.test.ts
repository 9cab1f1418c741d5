import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Simulation, startSimulation } from '../../src/server/simulation.ts'

/** The brief's three tests as a person does them from a phone, answers included: the simulator, the outbox and the rules are the real ones. */
describe('the brief, from a test phone', () => {
  let folder: string
  let simulation: Simulation
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'switchboard-'))
    simulation = await startSimulation({
      folder: join(folder, 'simulation'),
      webhookPorts: [0],
      version: 'test',
      logSinks: [],
    })
  })
  afterEach(async () => {
    await simulation.close()
    await rm(folder, { recursive: true, force: true })
  })

  const sessions = () => simulation.switchboard.store.sessions({}).sessions

  it('test 1: three texts within the gap are one session of six messages', async () => {
    await simulation.phones.scenario('within')
    const [session, ...others] = sessions()
    expect(others).toEqual([])
    expect(session).toMatchObject({ title: 'SMS from +1234567890', message_count: 6 })
    const messages = await simulation.switchboard.store.messages([session?._id ?? ''])
    expect(messages.map((m) => m.sender)).toEqual(['contact', 'ai', 'contact', 'ai', 'contact', 'ai'])
    expect(messages.filter((m) => m.sender === 'ai').map((m) => m.status)).toEqual([
      'delivered',
      'delivered',
      'delivered',
    ])
  })

  it('test 2: six minutes later is a second session, two messages in each', async () => {
    await simulation.phones.scenario('after')
    expect(sessions().map((s) => s.message_count)).toEqual([2, 2])
    expect(sessions()[0]?.metadata.reason.kind).toBe('silence')
  })

  it('test 3: two phones are two sessions', async () => {
    await simulation.phones.scenario('two_phones')
    expect(
      sessions()
        .map((s) => s.metadata.fromNumber)
        .sort(),
    ).toEqual(['+1234567890', '+1987654321'])
  })

  const play = (
    name: 'within' | 'after' | 'two_phones' | 'voicemail' | 'window_closed' | 'stop' | 'busy_morning',
  ) => simulation.switchboard.end.handlers['phone.scenario']({ name })

  it('started again on what it kept, its clock goes on from there', async () => {
    await simulation.phones.advance(24 * 3_600_000)
    await simulation.phones.scenario('within')
    await simulation.close()
    simulation = await startSimulation({
      folder: join(folder, 'simulation'),
      webhookPorts: [0],
      version: 'test',
      logSinks: [],
    })
    await simulation.phones.scenario('after')
    expect(sessions().map((s) => s.message_count)).toEqual([2, 2, 6])
  })

  it('started again on what it kept, the phones show what they wrote and got, and who said STOP is not written to', async () => {
    const { phones } = simulation
    await phones.text({ from: '+15550100001', medium: 'whatsapp', body: '', photo: true })
    await phones.scenario('within')
    await phones.scenario('voicemail')
    await phones.scenario('stop')
    /** Without what only the telephone company said. */
    const threads = (): unknown =>
      simulation.phones.view().phones.map(({ label, lines }) => ({
        label,
        lines: lines
          .filter(
            ({ medium, from, body }) =>
              from === 'phone' || (medium !== 'voice' && !body.includes('unsubscribed')),
          )
          .map(({ medium, from, body, photo }) => ({ medium, from, body, photo })),
      }))
    const before = threads()
    await simulation.close()
    simulation = await startSimulation({
      folder: join(folder, 'simulation'),
      webhookPorts: [0],
      version: 'test',
      logSinks: [],
    })
    expect(threads()).toEqual(before)
    expect([...simulation.simulator.account.optedOut]).toEqual(['+15705550142 +15703251809'])
    expect([...simulation.simulator.account.lastInbound.keys()]).toContain(
      'whatsapp:+15550100001 whatsapp:+15703251809',
    )
    expect((await play('stop')).made.as_expected).toBe(true)
  })

  it('a call has spoken lines, a voicemail, or both: the lines stand in the session one by one, before the voicemail', async () => {
    const call = simulation.switchboard.end.handlers['phone.call']
    const said = async () => {
      const { sessions: all } = simulation.switchboard.store.sessions({ limit: 100 })
      const messages = await simulation.switchboard.store.messages(
        all.map(({ _id }) => _id),
        { limit: 100 },
      )
      return messages.filter(({ communication_type: medium }) => medium === 'voice').map((m) => m.content)
    }
    await call({ from: '+15550100001', lines: [' Is the wheel ready? ', '', 'It is about order 1047.'] })
    expect(await said()).toEqual([
      expect.stringMatching(/^Call ended/),
      'Is the wheel ready?',
      'It is about order 1047.',
    ])
    await call({ from: '+15550100002', lines: ['Hello?'], voicemail: 'Please call me back.' })
    expect((await said()).slice(-2)).toEqual([
      'Hello?',
      expect.stringMatching(/^Voicemail [\d:]+ · Please call me back\.$/),
    ])
    // On the phone too, in the order in which they were said.
    const own = simulation.phones.view().phones.find(({ number }) => number === '+15550100002')
    expect(own?.lines.filter(({ from }) => from === 'phone').map(({ body }) => body)).toEqual([
      'Hello?',
      'Please call me back.',
    ])
  })

  it('says of each scenario whether it came out as the brief has it', async () => {
    for (const name of ['within', 'after', 'two_phones', 'voicemail', 'window_closed', 'stop'] as const)
      expect([name, (await play(name)).made.as_expected]).toEqual([name, true])
    expect((await play('busy_morning')).made.as_expected).toBeNull()
  })

  it('says what it came to where the gap was changed', async () => {
    await simulation.switchboard.end.handlers['settings.set']({ key: 'sessions.gap', value: '10m' })
    expect((await play('after')).made).toMatchObject({
      sessions: 1,
      messages: 4,
      as_expected: false,
      misses: [{ code: 'gap', medium: 'sms', gap_ms: 600_000 }],
    })
  })

  it('plays all again as often as wanted, whoever said STOP before', async () => {
    const all = [
      'within',
      'after',
      'two_phones',
      'voicemail',
      'window_closed',
      'stop',
      'busy_morning',
    ] as const
    await simulation.phones.text({ from: '+1234567890', medium: 'sms', body: 'STOP' })
    await simulation.phones.text({ from: '+1987654321', medium: 'whatsapp', body: 'STOP' })
    const came: { name: string; sessions: number; messages: number; as_expected: boolean | null }[] = []
    for (const name of [...all, ...all]) {
      const { sessions, messages, as_expected } = (await play(name)).made
      came.push({ name, sessions, messages, as_expected })
    }
    expect(came.filter(({ as_expected }) => as_expected === false)).toEqual([])
    expect(came.at(-1)).toEqual(came[6])
  })

  it('names the true reason where a test comes out otherwise', async () => {
    const { handlers } = simulation.switchboard.end
    await handlers['settings.set']({ key: 'sessions.gap.whatsapp', value: '1h' })
    await handlers['settings.set']({ key: 'replies.enabled', value: false })
    expect((await play('within')).made).toMatchObject({ messages: 3, misses: [{ code: 'answers_off' }] })
    await handlers['settings.set']({ key: 'replies.enabled', value: true })
    await handlers['settings.set']({ key: 'replies.limit', value: 1 })
    expect((await play('after')).made).toMatchObject({ as_expected: true, misses: [] })
    expect((await play('within')).made).toMatchObject({ messages: 4, misses: [{ code: 'answers_changed' }] })
  })

  it('says when something else was written meanwhile', async () => {
    const stop = simulation.phones.onChange(() => {
      stop()
      void simulation.phones.text({ from: '+1987654321', medium: 'sms', body: 'Me too' })
    })
    expect((await play('within')).made).toMatchObject({
      as_expected: false,
      misses: [{ code: 'disturbed' }],
      phone: '+1234567890',
    })
  })

  it('leaves nobody to be written to after STOP, and no free words after a day of silence on WhatsApp', async () => {
    const bars = async () => {
      const { sessions: all } = await simulation.switchboard.end.handlers['sessions.list']({
        filter: 'all',
        order: 'latest',
        offset: 0,
        limit: 10,
      })
      return all.map(({ composer }) => composer?.code)
    }
    await play('stop')
    expect(await bars()).toEqual(['opted_out'])
    await play('window_closed')
    expect(await bars()).toEqual(['window_closed', 'opted_out'])
  })
})
