import type { PhoneLine, PhoneView } from '../../../../shared/contract.ts'
import type { Medium } from '../../../../shared/documents.ts'
import { Cell } from '../../state/cell.ts'

export interface TestPhone {
  number: string
  label: string
  lines: readonly PhoneLine[]
  /** It was added, and can be taken away again. */
  added: boolean
}

interface Held {
  /** Number of the phone in the hand; null is the first. */
  chosen: string | null
  /** Numbers of phones added here: the simulation hears of one when it first writes or calls. */
  added: readonly string[]
  /** How many answers of each phone were seen. */
  seen: Readonly<Record<string, number>>
  /** The medium each phone was set to. */
  ways: Readonly<Record<string, Medium>>
  /** The simulation has just been started: the keyboard goes to the phone in the hand, for the button pressed is gone. */
  fresh: boolean
}

const NOTHING: Held = { chosen: null, added: [], seen: {}, ways: {}, fresh: false }
/** Kept while other pages are looked at. */
export const held = new Cell<Held>(NOTHING)
export const forgetPhones = () => held.set(NOTHING)

export function phonesOf(view: PhoneView, { added }: Held): readonly TestPhone[] {
  const known = view.phones.map(({ number }) => number)
  const fresh = added.filter((number) => !known.includes(number))
  const all = [...view.phones, ...fresh.map((number) => ({ number, label: number, lines: [] }))]
  // One that has no name but its number is called by its place.
  return all.map((phone, at) => {
    const added = phone.label === phone.number
    return { ...phone, added, label: added ? `Phone ${at + 1}` : phone.label }
  })
}

export const inHand = (phones: readonly TestPhone[], { chosen }: Held): TestPhone | undefined =>
  phones.find(({ number }) => number === chosen) ?? phones[0]

/** A number nobody has: the exchange 555-01xx is kept free for made-up ones. */
export function madeUp(taken: readonly string[]): string {
  let at = 1
  while (taken.includes(number(at))) at += 1
  return number(at)
}
const number = (at: number) => `+1555010${String(at).padStart(4, '0')}`

export function addPhone(phones: readonly TestPhone[]): void {
  const one = madeUp(phones.map((phone) => phone.number))
  held.update((now) => ({ ...now, added: [...now.added, one], chosen: one }))
}

/** How the phone reaches the business next: as it was set to, or as it did last. */
export const wayOf = (phone: TestPhone, { ways }: Held): Medium =>
  ways[phone.number] ?? phone.lines.at(-1)?.medium ?? 'sms'

/** The phone in the hand from now on, set to what it did last. */
export function takeInHand(number: string): void {
  held.update((now) => {
    const { [number]: _before, ...ways } = now.ways
    return { ...now, chosen: number, ways }
  })
}

export function setWay({ number }: TestPhone, way: Medium): void {
  held.update((now) => ({ ...now, ways: { ...now.ways, [number]: way } }))
}

const answers = ({ lines }: Pick<TestPhone, 'lines'>) =>
  lines.filter(({ from }) => from === 'business').length
export const hasNew = (phone: TestPhone, { seen }: Held) => answers(phone) > (seen[phone.number] ?? 0)

/** Takes a phone off this page's own list; what the simulation knows of it is for the simulation to forget. */
export function dropPhone({ number }: TestPhone): void {
  held.update((now) => ({
    ...now,
    added: now.added.filter((other) => other !== number),
    chosen: now.chosen === number ? null : now.chosen,
  }))
}

/** The phones of a simulation just started: what was answered before is nothing new, and the first is to be written on. */
export function handOver({ phones }: PhoneView): void {
  const seen = Object.fromEntries(phones.map((phone) => [phone.number, answers(phone)]))
  held.update((now) => ({ ...now, seen: { ...now.seen, ...seen }, fresh: true }))
}

export function markSeen(phone: TestPhone): void {
  held.update((now) => {
    const count = answers(phone)
    return now.seen[phone.number] === count ? now : { ...now, seen: { ...now.seen, [phone.number]: count } }
  })
}
