import type { Message, Reason } from './documents.ts'

/** What the numbers and unions of the documents are called, in words a person reads. */

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
] as const

/** "6 min 12 s", "1 h 30 min", "2.5 s": a duration in ms in its two largest units, the rest cut off. */
export function formatDuration(ms: number): string {
  for (const [i, [name, size]] of UNITS.entries()) {
    if (ms < size) continue
    const [smaller, per] = UNITS[i + 1] ?? ['s', 1_000]
    const rest = Math.floor((ms % size) / per)
    const whole = `${Math.floor(ms / size)} ${name}`
    return rest === 0 ? whole : `${whole} ${rest} ${smaller}`
  }
  return ms > 0 && ms < 1_000 ? `${ms} ms` : `${Math.floor(ms / 100) / 10} s`
}

/** Why a session is one of its own, e.g. "6 min 12 s of silence, the gap is 5 min". */
export function explain(reason: Reason): string {
  switch (reason.kind) {
    case 'first':
      return 'first contact'
    case 'silence': {
      const silence = formatDuration(reason.silence_ms)
      const gap = formatDuration(reason.gap_ms)
      return `${silence === gap ? 'just over ' : ''}${silence} of silence, the gap is ${gap}`
    }
    case 'closed':
      return 'closed before'
    case 'split':
      return 'split here'
  }
}

/** A place that was sent by WhatsApp, which comes without words: what it is called, and where it is on a map. */
export function placeOf({ content, params }: Pick<Message, 'content' | 'params'>) {
  const told = (name: string): string => {
    const value = params?.[name]
    return typeof value === 'string' ? value.trim() : ''
  }
  const [latitude, longitude] = [told('Latitude'), told('Longitude')]
  if (content !== '' || ![latitude, longitude].every((one) => /^-?\d{1,3}(\.\d+)?$/.test(one))) return null
  const name = [told('Label'), told('Address')].filter(Boolean).join(', ')
  return {
    words: name === '' ? 'Location' : `Location: ${name}`,
    url: `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}`,
  }
}
