/** What a call says of itself in its session. Statuses: Twilio's CallStatus. */
export function callWords(status: string, durationS?: number): string {
  switch (status) {
    case 'completed':
      return durationS === undefined ? 'Call ended' : `Call ended after ${clockTime(durationS)}`
    case 'busy':
      return 'Call met a busy line'
    case 'no-answer':
      return 'Call was not answered'
    case 'canceled':
      return 'Caller hung up before an answer'
    case 'failed':
      return 'Call failed'
    default:
      return 'Call started'
  }
}

const UNDER_WAY = ['unknown', 'queued', 'initiated', 'ringing', 'in-progress', 'answered']

/**
 * Whether a call that stands at one of Twilio's CallStatus may go on to another. Callbacks come in any order: a call only
 * moves forward, and one that is over stays as it ended.
 */
export function isLaterCallStatus(current: string | undefined, next: string): boolean {
  if (current === undefined) return true
  const from = UNDER_WAY.indexOf(current)
  const to = UNDER_WAY.indexOf(next)
  if (from < 0) return current === next
  return to < 0 || to >= from
}

export function voicemailWords(durationS?: number, transcript?: string): string {
  const head = durationS === undefined ? 'Voicemail' : `Voicemail ${clockTime(durationS)}`
  return transcript === undefined || transcript === '' ? head : `${head} · ${transcript}`
}

/** 47 → "0:47", 3671 → "1:01:11". */
function clockTime(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const h = Math.floor(whole / 3600)
  const m = Math.floor((whole % 3600) / 60)
  const s = String(whole % 60).padStart(2, '0')
  return h > 0 ? `${String(h)}:${String(m).padStart(2, '0')}:${s}` : `${String(m)}:${s}`
}
