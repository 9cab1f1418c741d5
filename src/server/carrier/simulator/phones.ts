import type { PhoneLine, PhoneView } from '../../../shared/contract.ts'
import type { SimulationClock } from './clock.ts'
import { scenarios, type Deed, type ScenarioName } from './scenarios.ts'
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
}

/** The test phones: what they are told to do goes out as real webhooks, and what they got is kept for the screen. */
export interface Phones {
  view(): PhoneView
  onChange(listener: () => void): () => void
  text(text: { from: string; medium: 'sms' | 'whatsapp'; body: string; photo?: boolean }): Promise<void>
  call(call: { from: string; lines?: string[]; voicemail?: string }): Promise<void>
  /** Moves the simulation's clock, and waits for what that sets off. */
  advance(ms: number): Promise<void>
  /** Plays one of the brief's scenarios to its end, one at a time; resolves with the simulated time it began at, ms. */
  scenario(name: ScenarioName): Promise<number>
}

/** The people of the brief's examples, and one more. */
const LABELS: Readonly<Record<string, string>> = {
  '+1234567890': 'Ann',
  '+1987654321': 'Ben',
  '+15705550142': 'Chloé',
}

/** Lines kept per phone: the screen shows no more. */
const MOST_LINES = 500

export function createPhones({ simulator, clock, business, settled }: PhonesOptions): Phones {
  const lines = new Map<string, PhoneLine[]>(Object.keys(LABELS).map((number) => [number, []]))
  const listeners = new Set<() => void>()
  let playing: Promise<unknown> = Promise.resolve()

  function add(number: string, line: Omit<PhoneLine, 'at'>): void {
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
    async text({ from, medium, body, photo = false }) {
      await simulator.text({
        from,
        to: business,
        medium,
        body,
        profileName: LABELS[from] ?? 'Test phone',
        ...(photo ? { media: 1 } : {}),
      })
    },
    async call({ from, lines: said, voicemail }) {
      await simulator.call({
        from,
        to: business,
        ...(said === undefined ? {} : { lines: said }),
        ...(voicemail === undefined ? {} : { voicemail }),
      })
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
          await phones.advance(untilFresh())
          const began = clock.now()
          for (const step of scenarios[name]) {
            if (step.after > 0) await phones.advance(step.after)
            await perform(step.does)
            await quiet()
          }
          return began
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

  async function perform(does: Deed): Promise<void> {
    if (does.kind === 'text') await phones.text(does)
    if (does.kind === 'call') await phones.call(does)
  }

  return phones
}
