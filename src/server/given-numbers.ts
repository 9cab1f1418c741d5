import { SwitchboardError } from '../shared/errors.ts'

/** A number the environment names, to go live with. */
export interface GivenNumber {
  kind: 'phone' | 'whatsapp'
  /** E.164. */
  number: string
  voice: 'leave' | 'here'
}

const FORM = /^(whatsapp:)?(\+[1-9]\d{6,14})(=voice)?$/

/**
 * Reads SWITCHBOARD_NUMBERS: numbers with commas between them, `+15705550100`, with `=voice` behind those whose calls
 * come here too, `whatsapp:+15705550100` for a WhatsApp sender. Undefined where nothing is said. Throws
 * SwitchboardError bad_environment.
 */
export function givenNumbers(value: string | undefined): GivenNumber[] | undefined {
  const entries = (value ?? '').split(',').flatMap((one) => one.replace(/\s+/g, '') || [])
  if (entries.length === 0) return undefined
  const given = new Map<string, GivenNumber>()
  for (const entry of entries) {
    const one = readEntry(entry)
    const name = `${one.kind} ${one.number}`
    // Named twice it would change hands at each look.
    if (given.has(name) && given.get(name)?.voice !== one.voice)
      throw new SwitchboardError('bad_environment', {
        name: 'SWITCHBOARD_NUMBERS',
        why: `it names ${one.number} twice, once with =voice and once without. Name it once`,
      })
    given.set(name, one)
  }
  return [...given.values()]
}

function readEntry(entry: string): GivenNumber {
  const [, whatsapp, number, voice] = FORM.exec(entry) ?? []
  if (number === undefined || (whatsapp !== undefined && voice !== undefined))
    throw new SwitchboardError('bad_environment', {
      name: 'SWITCHBOARD_NUMBERS',
      why: `“${entry}” is no number such as +15705550100, +15705550100=voice or whatsapp:+15705550100`,
    })
  return {
    kind: whatsapp === undefined ? 'phone' : 'whatsapp',
    number,
    voice: voice === undefined ? 'leave' : 'here',
  }
}
