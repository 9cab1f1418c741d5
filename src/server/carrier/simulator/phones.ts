import type { PhoneLine, PhoneView } from '../../../shared/contract.ts'
import type { SimulationClock } from './clock.ts'
import { pairOf } from './account.ts'
import type { PhoneCall } from './calls.ts'
import { scenarios, type Deed, type ScenarioName, type Step } from './scenarios.ts'
import type { Simulator } from './simulator.ts'

export interface PhonesOptions {
  simulator: Simulator
  clock: SimulationClock
  business: string
  /**
   * Resolves when the console is done with what it was given: automatic answers decided, sent, delivered and reported.
   * What waits for the clock doesn't count. A scenario waits for this between two steps, never for time.
   */
  settled: () => Promise<void>
  /** Told of what is spoken in a call before the beep; see `PhoneCall`. */
  spoken?: PhoneCall['spoken']
  /** What an earlier run left on each phone, by its number. */
  kept?: ReadonlyMap<string, readonly PhoneLine[]>
}

/** The test phones: what they are told to do goes out as real webhooks, and what they got is kept for the screen. */
export interface Phones {
  view(): PhoneView
  onChange(listener: () => void): () => void
  text(text: { from: string; medium: 'sms' | 'whatsapp'; body: string; photo?: boolean }): Promise<void>
  call(call: { from: string; lines?: string[]; voicemail?: string }): Promise<void>
  /**
   * Takes away a phone that is none of the brief's. What was on its way to it is not seen; it is there again when it
   * writes, calls, or something new comes for it.
   */
  remove(number: string): void
  /** Moves the simulation's clock, and waits for what that sets off. */
  advance(ms: number): Promise<void>
  /**
   * Plays one of the brief's scenarios to its end, one at a time. A phone of it that said STOP says START first, so
   * that it can be played again.
   */
  scenario(name: ScenarioName): Promise<Played>
}

/** A scenario that was played. */
export interface Played {
  /** The simulated time it began at, ms. */
  began: number
  /** Number of the phone that begins it. */
  phone: string
  /** Something else was written or called meanwhile. */
  disturbed: boolean
}

/** The people of the brief's examples, and one more. */
const LABELS: Readonly<Record<string, string>> = {
  '+1234567890': 'Ann',
  '+1987654321': 'Ben',
  '+15705550142': 'Chloé',
}

/** Lines kept per phone: the screen shows no more. */
const MOST_LINES = 500

export function createPhones({ simulator, clock, business, settled, spoken, kept }: PhonesOptions): Phones {
  const lines = new Map<string, PhoneLine[]>(Object.keys(LABELS).map((number) => [number, []]))
  for (const [number, own] of kept ?? []) lines.set(number, own.slice(-MOST_LINES))
  const listeners = new Set<() => void>()
  let playing: Promise<unknown> = Promise.resolve()
  /** Texts and calls that no scenario made. */
  let byHand = 0
  /** Phones taken away for which something may still be on its way. */
  const gone = new Set<string>()

  function add(number: string, line: Omit<PhoneLine, 'at'>): void {
    if (gone.has(number)) return
    const own = lines.get(number) ?? []
    lines.set(number, own)
    own.push({ ...line, at: new Date(clock.now()).toISOString() })
    if (own.length > MOST_LINES) own.shift()
    for (const listener of listeners) listener()
  }

  simulator.on((event) => {
    switch (event.kind) {
      case 'texted':
      case 'arrived': {
        const { message } = event
        const isOurs = event.kind === 'texted'
        const medium = message.from.startsWith('whatsapp:') ? 'whatsapp' : 'sms'
        const number = (isOurs ? message.from : message.to).replace(/^whatsapp:/, '')
        const { body, media } = message
        return add(number, {
          id: message.sid,
          medium,
          from: isOurs ? 'phone' : 'business',
          body,
          ...(media.length > 0 && { photo: true as const }),
        })
      }
      case 'heard': {
        const { call } = event
        const said = call.heard.at(-1)
        if (!said) return
        const number = call.direction === 'inbound' ? call.from : call.to
        const from = said.by === 'caller' ? 'phone' : 'business'
        return add(number, { id: `${call.sid}-${call.heard.length}`, medium: 'voice', from, body: said.text })
      }
    }
  })

  const quiet = async () => {
    await settled()
    await simulator.idle()
    // An answer's last callback may have set off more.
    await settled()
  }

  const phones: Phones = {
    view: () => ({
      running: true,
      now: new Date(clock.now()).toISOString(),
      business,
      phones: [...lines].map(([number, own]) => ({
        number,
        label: LABELS[number] ?? number,
        lines: [...own],
      })),
    }),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async text(words) {
      byHand += 1
      await text(words)
    },
    async call(said) {
      byHand += 1
      await call(said)
    },
    remove(number) {
      if (number in LABELS || !lines.delete(number)) return
      gone.add(number)
      const over = () => gone.delete(number)
      void quiet().then(over, over)
      for (const listener of listeners) listener()
    },
    async advance(ms) {
      await clock.advance(ms)
      for (const listener of listeners) listener()
      await quiet()
    },
    scenario(name) {
      const play = async () => {
        // What the console does in between takes no simulated time.
        const release = clock.hold()
        try {
          await quiet()
          const before = byHand
          const steps: readonly Step[] = scenarios[name]
          await optIn(steps)
          await phones.advance(untilFresh())
          const began = clock.now()
          for (const step of steps) {
            if (step.after > 0) await phones.advance(step.after)
            await perform(step.does)
            await quiet()
          }
          return { began, phone: phoneOf(steps), disturbed: byHand !== before }
        } finally {
          release()
        }
      }
      const played = playing.then(play)
      playing = played.catch(() => undefined)
      return played
    },
  }

  /** A scenario begins on a full minute, and an hour after whatever was said before it. */
  function untilFresh(): number {
    const now = clock.now()
    const hasHistory = [...lines.values()].some((own) => own.length > 0)
    const earliest = hasHistory ? now + 3_600_000 : now
    return Math.ceil(earliest / 60_000) * 60_000 - now
  }

  /** Whoever said STOP gets no answers, and the scenario would not come to what it is about. */
  async function optIn(steps: readonly Step[]): Promise<void> {
    for (const { does } of steps) {
      if (does.kind !== 'text') continue
      const { from, medium } = does
      const prefix = medium === 'whatsapp' ? 'whatsapp:' : ''
      if (!simulator.account.optedOut.has(pairOf(prefix + from, prefix + business))) continue
      await text({ from, medium, body: 'START' })
      await quiet()
    }
  }

  async function perform(does: Deed): Promise<void> {
    if (does.kind === 'text') await text(does)
    if (does.kind === 'call') await call(does)
  }

  async function text({ from, medium, body, photo = false }: Parameters<Phones['text']>[0]): Promise<void> {
    gone.delete(from)
    await simulator.text({
      from,
      to: business,
      medium,
      body,
      profileName: LABELS[from] ?? 'Test phone',
      ...(photo ? { media: 1 } : {}),
    })
  }

  async function call({ from, lines: said, voicemail }: Parameters<Phones['call']>[0]): Promise<void> {
    gone.delete(from)
    await simulator.call({
      from,
      to: business,
      ...(said === undefined ? {} : { lines: said }),
      ...(voicemail === undefined ? {} : { voicemail }),
      ...(spoken && { spoken }),
    })
  }

  return phones
}

function phoneOf(steps: readonly Step[]): string {
  for (const { does } of steps) if (does.kind !== 'wait') return does.from
  return ''
}
