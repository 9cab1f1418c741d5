import {
  createSimulator,
  manualClock,
  type SimulationClock,
  type Simulator,
} from '../../src/server/carrier/simulator/index.ts'
import { inboundMessage } from '../../src/server/carrier/simulator/parameters.ts'
import { postWebhook } from '../../src/server/carrier/simulator/post.ts'
import { Chance } from '../kill/random.ts'
import { verdict } from './verdict.ts'
import { Office } from './office.ts'
import { allMessages, fault, isRefusal } from './trouble.ts'

export const NUMBERS = ['+15703251809', '+15703251810'] as const
const CONTACTS = ['+12345550001', '+12345550002', '+12345550003', '+12345550004', '+12345550005'] as const
const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
/** Simulated time that goes by between two looks at what is under way. */
const SLICE = 5 * MINUTE

/** What the test knows of what was said. */
export interface Ledger {
  /** What the operator wrote, each once, and the console took. */
  replies: Set<string>
  /** How often what says this was sent again by hand. */
  retries: Map<string, number>
  /** SIDs other programs sent. */
  elsewhere: Set<string>
}

/** Some simulated days of a business on which everything goes wrong. Resolves with what is not as it must be, and the log. */
export async function days(seed: number, steps: number): Promise<{ wrong: string[]; lines: string[] }> {
  const chance = new Chance(seed)
  const world = manualClock(Date.parse('2025-01-15T10:00:00.000Z'))
  const simulator = await createSimulator({ clock: world, numbers: [...NUMBERS] })
  const office = new Office(world, simulator, () => chance.next())
  const day = new Day(world, simulator, office, chance)
  try {
    await office.start()
    await day.settle()
    for (let n = 0; n < steps; n++) await day.step()
    await day.end()
    const { console } = office
    if (!console) throw new Error('the console is not open')
    return { wrong: await verdict(simulator, console, day.ledger), lines: office.lines }
  } finally {
    await office.close()
    await simulator.close()
  }
}

class Day {
  readonly ledger: Ledger = { replies: new Set(), retries: new Map(), elsewhere: new Set() }
  readonly #world: SimulationClock
  readonly #simulator: Simulator
  readonly #office: Office
  readonly #chance: Chance
  #said = 0
  /** Outages under way end at these times. */
  #ends: { at: number; end: () => Promise<void> | void }[] = []
  /**
   * Either lists lag behind what was sent, or the carrier says that it failed when it has not. Both at once nobody could
   * tell from a failure, and it would be sent again.
   */
  readonly #mayLag: boolean
  readonly #underWay = new Set<Promise<unknown>>()

  constructor(world: SimulationClock, simulator: Simulator, office: Office, chance: Chance) {
    this.#world = world
    this.#simulator = simulator
    this.#office = office
    this.#chance = chance
    this.#mayLag = chance.next() < 0.5
  }

  async step(): Promise<void> {
    const chance = this.#chance
    const what = chance.between(0, 99)
    if (what < 36) this.#text()
    else if (what < 40) this.#run(this.#simulator.call(this.#call()))
    else if (what < 54) await this.#reply()
    else if (what < 62) await this.#replyInDoubt()
    else if (what < 66) await this.#elsewhere()
    else if (what < 70) await this.#retry()
    else if (what < 73) await this.#act()
    else if (what < 75) this.#office.console?.catchUp.now()
    else if (what < 84) fault(this.#simulator.faults, chance, this.#mayLag)
    else await this.#outage()
    const ms = chance.pick([
      () => 0,
      () => chance.between(1, 60) * SECOND,
      () => chance.between(1, 60) * SECOND,
      () => chance.between(4 * 60, 6 * 60) * SECOND,
      () => chance.between(5, 90) * MINUTE,
    ])()
    await this.#goOn(ms)
  }

  /** Everything is well again, and long enough for everything to be told and found. */
  async end(): Promise<void> {
    for (const { end } of this.#ends.splice(0)) await end()
    this.#simulator.faults.clear()
    this.#office.machine.step(-this.#office.machine.offset)
    this.#office.wake(true)
    this.#office.tunnel(true)
    if (!this.#office.console) await this.#office.start()
    for (let n = 0; n < 3; n++) await this.#goOn(HOUR)
    this.#office.console?.catchUp.now()
    await this.settle()
  }

  /** Resolves when nothing is under way that does not wait for the clock. */
  async settle(): Promise<void> {
    for (let n = 0; n < 200; n++) {
      await Promise.all(this.#underWay)
      await this.#simulator.idle()
      const { console } = this.#office
      if (!console) return
      await console.idle()
      await this.#simulator.idle()
      // Asleep in the middle of reading it goes on when it wakes.
      if (console.catchUp.view().state !== 'reading' || this.#office.machine.asleep) return
      const aMoment = new Promise<false>((resolve) => setTimeout(resolve, 3, false))
      const done = await Promise.race([console.catchUp.idle().then(() => true), aMoment])
      // It waits until the carrier has patience again.
      if (!done && n > 3) await this.#world.advance(SECOND)
    }
    throw new Error('it never comes to rest')
  }

  async #goOn(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= SLICE) {
      await this.#world.advance(Math.min(left, SLICE))
      await this.#endOutages()
      await this.settle()
    }
    if (this.#chance.next() < 0.7) await this.settle()
  }

  async #endOutages(): Promise<void> {
    const now = this.#world.now()
    const over = this.#ends.filter(({ at }) => at <= now)
    this.#ends = this.#ends.filter(({ at }) => at > now)
    for (const { end } of over) await end()
  }

  #run(work: Promise<unknown>): void {
    const kept = work.finally(() => this.#underWay.delete(kept))
    this.#underWay.add(kept)
  }

  #text(): void {
    const chance = this.#chance
    const roll = chance.next()
    const body = roll < 0.03 ? 'STOP' : roll < 0.09 ? 'START' : `text ${++this.#said} – grüße 👋`
    const text = {
      from: chance.pick(CONTACTS),
      to: chance.pick(NUMBERS),
      medium: chance.next() < 0.3 ? ('whatsapp' as const) : ('sms' as const),
      body,
      ...(chance.next() < 0.08 && { media: 1 }),
    }
    const again = chance.next() < 0.15 ? chance.between(1, 20 * 60) * SECOND : undefined
    this.#run(
      this.#simulator.text(text).then(({ message }) => {
        if (again === undefined) return
        // The same delivery, once more and late: an overlapping retry, or one that was held up on its way.
        this.#world.after(again, () => {
          const number = [...this.#simulator.account.numbers.values()].find(
            ({ phone_number }) => phone_number === text.to,
          )
          const params = inboundMessage(this.#simulator.accountSid, message, { mediaUrl: (sid) => sid })
          this.#run(postWebhook(number?.sms_url ?? '', params, this.#simulator.authToken))
        })
      }),
    )
  }

  #call() {
    const chance = this.#chance
    return {
      from: chance.pick(CONTACTS),
      to: chance.pick(NUMBERS),
      ...(chance.next() < 0.7 && { voicemail: `Call me about ${++this.#said}.` }),
    }
  }

  async #reply(): Promise<void> {
    const { console } = this.#office
    const sessions = console?.store
      .sessions({ limit: 8 })
      .sessions.filter((s) => s.communication_type !== 'voice')
    const session = sessions?.[this.#chance.between(0, sessions.length - 1)]
    if (!console || !session) return
    const body = `reply ${++this.#said}`
    try {
      await console.end.handlers['messages.send']({
        channel_id: session.channel_id,
        medium: session.communication_type,
        contact: session.metadata.fromNumber,
        body,
        draft: `draft-${body}`,
      })
      this.ledger.replies.add(body)
    } catch (error) {
      if (!isRefusal(error)) throw error
    }
  }

  /** Taken, the answer lost, and the outbox finds nothing when it looks: the message stays in doubt for a while. */
  async #replyInDoubt(): Promise<void> {
    const { faults } = this.#simulator
    faults.rest({ kind: 'drop', when: 'after' }, 'create')
    if (this.#chance.next() < 0.5) faults.callback({ kind: 'lose' }, undefined, 3)
    if (this.#mayLag) faults.lists({ order: 'mixed', lagMs: this.#chance.between(5, 240) * SECOND })
    else faults.rest({ kind: 'drop', when: 'before' }, 'list', this.#chance.between(1, 8))
    await this.#reply()
  }

  async #elsewhere(): Promise<void> {
    const { api, accountSid, authToken } = this.#simulator
    const body = `other ${++this.#said}`
    const response = await fetch(`${api}/2010-04-01/Accounts/${accountSid}/Messages.json`, {
      method: 'POST',
      headers: { Authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}` },
      body: new URLSearchParams({
        From: this.#chance.pick(NUMBERS),
        To: this.#chance.pick(CONTACTS),
        Body: body,
      }),
    }).catch(() => undefined)
    // A fault may have met it.
    const sent = (await response?.json().catch(() => ({}))) as { sid?: string } | undefined
    if (sent?.sid !== undefined) this.ledger.elsewhere.add(sent.sid)
  }

  /** A person presses the button of what failed or is unsure. */
  async #retry(): Promise<void> {
    const { console } = this.#office
    if (!console) return
    const messages = await allMessages(console)
    const failed = messages.filter(
      ({ status }) => status === 'failed' || status === 'undelivered' || status === 'unsure',
    )
    const message = failed[this.#chance.between(0, failed.length - 1)]
    if (!message) return
    try {
      await console.end.handlers['messages.retry']({ id: message._id })
      const { retries } = this.ledger
      retries.set(message.content, (retries.get(message.content) ?? 0) + 1)
    } catch (error) {
      if (!isRefusal(error)) throw error
    }
  }

  async #act(): Promise<void> {
    const { console } = this.#office
    const sessions = console?.store.sessions({ limit: 10 }).sessions ?? []
    const id = sessions[this.#chance.between(0, sessions.length - 1)]?._id
    if (!console || id === undefined) return
    const { handlers } = console.end
    try {
      await this.#chance.pick([
        async () => handlers['sessions.close']({ id }),
        async () => handlers['sessions.reopen']({ id }),
        async () => handlers['sessions.merge']({ id }),
      ])()
    } catch (error) {
      if (!isRefusal(error)) throw error
    }
  }

  async #outage(): Promise<void> {
    const chance = this.#chance
    const office = this.#office
    const until = (end: () => Promise<void> | void): void => {
      const ms = chance.pick([chance.between(5, 300) * SECOND, chance.between(5, 240) * MINUTE])
      this.#ends.push({ at: this.#world.now() + ms, end })
    }
    await chance.pick([
      () => {
        office.tunnel(false)
        until(() => office.tunnel(true))
      },
      () => {
        this.#simulator.faults.rest({ kind: 'drop', when: 'before' }, 'any', 1_000_000)
        until(() => this.#simulator.faults.clear())
      },
      () => {
        if (office.console) until(() => this.#open())
        office.kill()
      },
      () => {
        if (office.console) until(() => this.#open())
        office.kill()
      },
      async () => {
        if (!office.console) return
        until(() => this.#open())
        await this.#whileTimeGoes(office.close())
      },
      () => {
        office.sleep()
        const isTold = chance.next() < 0.5
        until(() => office.wake(isTold))
      },
      () => {
        office.machine.step(chance.pick([-1, 1]) * chance.between(1, 90) * MINUTE)
      },
    ])()
  }

  async #open(): Promise<void> {
    if (!this.#office.console) await this.#office.start()
  }

  /** What is being finished may wait for the clock. */
  async #whileTimeGoes(work: Promise<void>): Promise<void> {
    const done = work.then(() => true)
    const aMoment = () => new Promise<false>((resolve) => setTimeout(resolve, 3, false))
    for (let n = 0; !(await Promise.race([done, aMoment()])); n++)
      if (n > 20) await this.#world.advance(SECOND)
  }
}
