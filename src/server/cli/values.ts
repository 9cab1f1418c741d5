import { InvalidArgumentError } from 'commander'
import { sentence, SwitchboardError } from '../../shared/errors.ts'
import { publicAddress } from '../public-address.ts'
import { parseGap } from '../sessions/index.ts'

/** Readers of options; what they refuse is wrong usage (exit 2). */

export function port(text: string): number {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : NaN
  if (!(value <= 65_535)) throw new InvalidArgumentError('It is a number from 0 (any free port) to 65535.')
  return value
}

export function limit(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It is a whole number.')
  return Number(text)
}

/** Milliseconds since the epoch. A date alone is its beginning here; a time without a zone is local. */
export function time(text: string): number {
  const isDate = /^\d{4}-\d\d-\d\d$/.test(text)
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/.test(text)
  const value = isDate ? Date.parse(`${text}T00:00:00`) : isTime ? Date.parse(text) : NaN
  if (!Number.isFinite(value)) throw new InvalidArgumentError(sentence('bad_time', { value: text }))
  return value
}

/** Milliseconds. */
export function gap(text: string): number {
  const value = parseGap(text)
  if (value === undefined) throw new InvalidArgumentError(sentence('bad_gap', { value: text }))
  return value
}

/** A phone number as it is stored: without spaces and the whatsapp: prefix. */
export function number(text: string): string {
  const bare = text.replace(/^whatsapp:/, '').replace(/[\s().-]/g, '')
  if (bare === '') throw new InvalidArgumentError('It is a number such as +1234567890.')
  return /^\+?\d+$/.test(bare) ? bare : text
}

/** An address of one's own, as the page takes it. */
export function ownAddress(text: string): string {
  try {
    return publicAddress(text)
  } catch (error) {
    if (error instanceof SwitchboardError) throw new InvalidArgumentError(error.message)
    throw error
  }
}
