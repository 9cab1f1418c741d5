import { isFields } from './fields.ts'

/**
 * MongoDB Extended JSON v2 (mongoexport's relaxed and canonical forms) as plain values: ids as their hex digits, dates as
 * ISO 8601, numbers as numbers.
 */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (!isFields(value)) return value
  const keys = Object.keys(value)
  const [key] = keys
  if (keys.length === 1 && key?.startsWith('$')) return scalar(key, value[key])
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]))
}

function scalar(key: string, value: unknown): unknown {
  switch (key) {
    case '$date': {
      const at = plain(value)
      const date = typeof at === 'string' || typeof at === 'number' ? new Date(at) : undefined
      return date && Number.isFinite(date.getTime()) ? date.toISOString() : at
    }
    case '$numberInt':
    case '$numberLong':
    case '$numberDouble':
    case '$numberDecimal':
      return Number(value)
    default:
      return value
  }
}
