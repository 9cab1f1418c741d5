import { Agent, request } from 'node:http'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SwitchboardError } from '../../src/shared/errors.ts'
import { callControl } from '../../src/server/store/index.ts'
import { signedRequest } from '../webhooks/signed-request.ts'
import { type ConsoleProcess, Dead } from './process.ts'
import { ACCOUNT, type Act, TOKEN } from './protocol.ts'
import type { Chance } from './random.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const NUMBERS = ['+15703251809', '+442071838750'] as const
const CONTACTS = 7
const SENDERS = 12
/** What breaks off must be followed by the process's end within this time. */
const DYING_MS = 10_000
const IMPORTED = 12

/** Something that was offered by a webhook and has this SID. */
interface Offer {
  path: string
  params: Record<string, string>
  /** The text as it must be stored; undefined where words of ours stand for it. */
  content: string | undefined
}

/** All that the test has sent, and what of it was acknowledged: over all rounds. */
export class Ledger {
  readonly offered = new Map<string, Offer>()
  /** SIDs of messages that must be there. */
  readonly acknowledged = new Set<string>()
  /** SIDs that must be delivered, calls that must have ended. */
  readonly delivered = new Set<string>()
  readonly ended = new Set<string>()
  /** Of messages the business sent, as an import brought them. */
  readonly sent: string[] = []
  readonly calls: string[] = []
  readonly acts = new Set<string>()
  /** Changes of gaps that were made, and those that may have been. */
  gaps = { made: 0, offered: 0 }
  /** The clock of the console, ms; what it was told, even if it may not have heard. */
  now = Date.parse('2025-01-15T10:00:00.000Z')
  /** All that was answered, duplicates and changes included. */
  answers = 0
  #next = 0

  sid(kind: 'SM' | 'MM' | 'CA' | 'RE'): string {
    return kind + (++this.#next).toString(16).padStart(32, '0')
  }
}

/** How much a round gives the console to do. */
export interface Load {
  answers: number
  late: number
  diesOfItself: boolean
}

/** A console that takes all it can get, until it is dead. */
export class Traffic {
  readonly #console: ConsoleProcess
  readonly #ledger: Ledger
  readonly #chance: Chance
  readonly #where: { webhooks: string; folder: string; scratch: string }
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 2 * SENDERS })
  #over = false
  /** From outside. */
  #isKilled = false
  /** What should not have happened. */
  readonly wrong: string[] = []
  /** Answers in this round. */
  answers = 0
  #onAnswer: () => void = () => undefined

  constructor(
    console: ConsoleProcess,
    ledger: Ledger,
    chance: Chance,
    where: { webhooks: string; folder: string; scratch: string },
  ) {
    this.#console = console
    this.#ledger = ledger
    this.#chance = chance
    this.#where = where
  }

  /**
   * Resolves when the console is dead and nothing is under way. It is killed after so many answers and a moment more,
   * in ms; when it is to die of itself, it gets that much work and then all that writes documents, before it is killed.
   */
  async run({ answers, late, diesOfItself }: Load): Promise<'killed' | 'died'> {
    const kill = async (): Promise<void> => {
      this.#isKilled ||= this.#console.alive
      await this.#console.kill()
    }
    const isOver = (): boolean => this.#over || (diesOfItself && this.answers >= answers)
    void this.#console.ended.then(() => (this.#over = true))
    let killing: Promise<void> | undefined
    this.#onAnswer = () => {
      if (!diesOfItself && this.answers >= answers)
        killing ??= new Promise((resolve) => setTimeout(resolve, late)).then(kill)
    }
    // What was not acknowledged when the last one died is offered again, as Twilio or catching up would.
    const again = [...this.#ledger.offered].filter(([sid]) => !this.#ledger.acknowledged.has(sid))
    const sender = async (): Promise<void> => {
      while (!isOver()) {
        const [sid, offer] = again.pop() ?? []
        await this.#guarded(() => (sid !== undefined && offer ? this.#offer(sid, offer) : this.#step()))
      }
    }
    await Promise.all(Array.from({ length: SENDERS }, sender))
    // The next day's backup, and behind it one that is asked for.
    await this.#guarded(() => this.#advance(DAY + MINUTE))
    await this.#guarded(() => this.#backup())
    await (killing ?? kill())
    this.#agent.destroy()
    return this.#isKilled ? 'killed' : 'died'
  }

  async #guarded(step: () => Promise<void>): Promise<void> {
    if (this.#over) return
    try {
      await step()
    } catch (error) {
      const isOfItsDeath =
        error instanceof Dead ||
        (error instanceof SwitchboardError && error.code === 'not_running') ||
        (error instanceof Error && 'code' in error)
      if (!isOfItsDeath) this.wrong.push(error instanceof Error ? String(error.stack) : String(error))
      // A connection breaks because the process dies. One that lives on has broken it for no reason.
      else if (!(await this.#dies())) this.wrong.push(`${String(error)}, and the console lives`)
      else return
      await this.#console.kill()
    }
  }

  async #dies(): Promise<boolean> {
    let stop: NodeJS.Timeout | undefined
    const limit = new Promise<false>((resolve) => {
      stop = setTimeout(resolve, DYING_MS, false)
    })
    const died = await Promise.race([this.#console.ended.then(() => true), limit])
    clearTimeout(stop)
    return died
  }

  #step(): Promise<void> {
    const chance = this.#chance
    const what = chance.between(0, 999)
    if (what < 560) return this.#text()
    if (what < 640) return this.#call()
    if (what < 720) return this.#again()
    if (what < 780) return this.#twiceAtOnce()
    if (what < 850) return this.#duringCall()
    if (what < 910) return this.#status()
    if (what < 950) return this.#advance(chance.between(1, 7) * MINUTE - chance.between(0, 1))
    if (what < 980) return this.#act()
    if (what < 988) return this.#gap()
    if (what < 991) return this.#regroup()
    return this.#import()
  }

  #newText(): [string, Offer] {
    const chance = this.#chance
    const sid = this.#ledger.sid(chance.next() < 0.1 ? 'MM' : 'SM')
    const isWhatsApp = chance.next() < 0.3
    const prefix = isWhatsApp ? 'whatsapp:' : ''
    const content = `text ${sid} – grüße 👋 "${'x'.repeat(chance.between(0, 60))}"\n`
    const params = {
      MessageSid: sid,
      From: prefix + this.#contact(),
      To: prefix + chance.pick(NUMBERS),
      Body: content,
      NumMedia: '0',
    }
    return [sid, { path: isWhatsApp ? '/webhooks/whatsapp' : '/webhooks/sms', params, content }]
  }

  #text(): Promise<void> {
    return this.#offer(...this.#newText())
  }

  #call(): Promise<void> {
    const sid = this.#ledger.sid('CA')
    const params = {
      CallSid: sid,
      From: this.#chance.next() < 0.1 ? 'anonymous' : this.#contact(),
      To: this.#chance.pick(NUMBERS),
      CallStatus: 'ringing',
    }
    this.#ledger.calls.push(sid)
    return this.#offer(sid, { path: '/webhooks/voice', params, content: undefined })
  }

  /** A retry of what has been taken. */
  async #again(): Promise<void> {
    const [sid, offer] = this.#anyOf([...this.#ledger.offered.entries()].slice(-200)) ?? []
    if (sid !== undefined && offer) await this.#offer(sid, offer)
  }

  async #twiceAtOnce(): Promise<void> {
    const [sid, offer] = this.#newText()
    await Promise.all([this.#offer(sid, offer), this.#offer(sid, offer), this.#offer(sid, offer)])
  }

  async #duringCall(): Promise<void> {
    const call = this.#anyOf(this.#ledger.calls)
    const began = call === undefined ? undefined : this.#ledger.offered.get(call)
    if (call === undefined || !began) return
    const { From = '', To = '' } = began.params
    if (this.#chance.next() < 0.5) {
      const status = { CallSid: call, From, To, CallStatus: 'completed', CallDuration: '47' }
      // The end of a call that the console has not heard of yet changes nothing.
      const isKnown = this.#ledger.acknowledged.has(call)
      await this.#post('/webhooks/voice/status', status)
      if (isKnown) this.#ledger.ended.add(call)
      return
    }
    const sid = this.#ledger.sid('RE')
    const params = {
      CallSid: call,
      From,
      To,
      RecordingSid: sid,
      RecordingUrl: `https://api.twilio.com/Recordings/${sid}`,
      RecordingDuration: '12',
    }
    await this.#offer(sid, { path: '/webhooks/voice/recording', params, content: undefined })
    // Its call is there now, if it wasn't before.
    this.#ledger.acknowledged.add(call)
  }

  async #status(): Promise<void> {
    const sid = this.#anyOf(this.#ledger.sent)
    if (sid === undefined) return
    await this.#post('/webhooks/status', { MessageSid: sid, MessageStatus: 'delivered' })
    this.#ledger.delivered.add(sid)
  }

  async #advance(ms: number): Promise<void> {
    this.#ledger.now += ms
    await this.#console.advance(ms)
  }

  async #act(): Promise<void> {
    const chance = this.#chance
    const act = chance.pick<Act>(['close', 'close', 'reopen', 'merge', 'merge', 'split'])
    const where = { session: chance.between(0, 60), message: chance.between(0, 20) }
    const { acts } = await this.#console.act({ do: 'act', act, ...where })
    for (const id of acts) this.#ledger.acts.add(id)
    this.#answered()
  }

  async #gap(): Promise<void> {
    const key = this.#chance.pick(['sessions.gap', 'sessions.gap.sms', `channels.${NUMBERS[1]}.sessions.gap`])
    this.#ledger.gaps.offered++
    await this.#command('config.set', { key, value: `${this.#chance.between(2, 8)}m` })
    this.#ledger.gaps.made++
  }

  async #regroup(): Promise<void> {
    this.#ledger.gaps.offered++
    await this.#command('regroup', { gap: `${this.#chance.between(2, 8)}m` })
    this.#ledger.gaps.made++
  }

  async #import(): Promise<void> {
    const file = join(this.#where.scratch, `import-${this.#ledger.sid('SM')}.ndjson`)
    const resources = Array.from({ length: IMPORTED }, () => ({
      sid: this.#ledger.sid('SM'),
      from: this.#chance.pick(NUMBERS),
      to: this.#contact(),
      body: 'from elsewhere',
      status: 'sent',
      direction: 'outbound-api',
      date_sent: new Date(this.#ledger.now - this.#chance.between(0, 600) * MINUTE).toISOString(),
    }))
    for (const { sid, body } of resources)
      this.#ledger.offered.set(sid, { path: '', params: {}, content: body })
    await writeFile(file, resources.map((r) => `${JSON.stringify(r)}\n`).join(''))
    await this.#command('import', { file, format: 'twilio' })
    for (const { sid } of resources) {
      this.#ledger.acknowledged.add(sid)
      this.#ledger.sent.push(sid)
    }
  }

  async #backup(): Promise<void> {
    await this.#command('backup', { out: join(this.#where.scratch, 'backup.tar.gz') })
  }

  async #command(command: string, args: unknown): Promise<void> {
    await callControl(this.#where.folder, command, args)
    this.#answered()
  }

  async #offer(sid: string, offer: Offer): Promise<void> {
    this.#ledger.offered.set(sid, offer)
    if (offer.path === '') return
    await this.#post(offer.path, offer.params)
    this.#ledger.acknowledged.add(sid)
  }

  async #post(path: string, params: Record<string, string>): Promise<void> {
    const { url, headers, body } = signedRequest(
      this.#where.webhooks,
      path,
      { AccountSid: ACCOUNT, ...params },
      TOKEN,
    )
    const status = await new Promise<number>((resolve, reject) => {
      const sending = request(url, { method: 'POST', headers, agent: this.#agent }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode ?? 0))
        response.on('error', reject)
      })
      sending.on('error', reject)
      sending.end(body)
    })
    if (status !== 200 && status !== 204) throw new Error(`${path} was answered with ${status}: ${body}`)
    this.#answered()
  }

  #answered(): void {
    this.answers++
    this.#ledger.answers++
    this.#onAnswer()
  }

  #contact(): string {
    return `+1555${String(this.#chance.between(1, CONTACTS)).padStart(7, '0')}`
  }

  #anyOf<T>(among: readonly T[]): T | undefined {
    return among[this.#chance.between(0, Math.max(0, among.length - 1))]
  }
}
