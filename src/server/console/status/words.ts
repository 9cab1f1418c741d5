/** What the button of a line does: each asks for something, or leads to where it is done. */
export const goLive = (label: string) => ({ label, request: 'go_live' }) as const
export const TRY_NOW = { label: 'Try now', request: 'tunnel.retry' } as const
export const askTwilio = (label: string) => ({ label, request: 'live.numbers' }) as const

export const messages = (count: number): string =>
  count === 1 ? '1 message' : `${count.toLocaleString('en-US')} messages`

/** 40 s, 12 min, 3 h: to the nearest. */
export function spanWords(ms: number): string {
  if (ms < 100_000) return `${String(Math.round(ms / 1_000))} s`
  if (ms < 100 * 60_000) return `${String(Math.round(ms / 60_000))} min`
  return ms < 48 * 3_600_000
    ? `${String(Math.round(ms / 3_600_000))} h`
    : `${String(Math.round(ms / 86_400_000))} days`
}

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const

/** 96 MB, 412 GB: steps of 1,000, as disks are sold; never more than there is. */
export function bytes(count: number): string {
  let [value, step] = [count, 0]
  while (value >= 1000 && step < UNITS.length - 1) {
    value /= 1000
    step += 1
  }
  const figure = value < 10 && step > 1 ? (Math.floor(value * 10) / 10).toFixed(1) : String(Math.floor(value))
  return `${figure} ${UNITS[step] ?? ''}`
}

export const hostOf = (url: string | null): string => (url === null ? '' : (URL.parse(url)?.host ?? url))
/** 2026-11-20T10:40Z: how exact it is said is how exact it is shown. */
export const toMinute = (at: string): string => `${at.slice(0, 16)}Z`
export const toSecond = (at: string): string => `${at.slice(0, 19)}Z`
