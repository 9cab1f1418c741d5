import type { Intake, Source } from '../intake/types.ts'
import type { Entry, ImportFormat } from './types.ts'

/** Offers an entry; resolves with whether it was new once it is durable. */
export type Put = (entry: Entry) => Promise<boolean>

const BY_TWILIO: ReadonlySet<ImportFormat> = new Set(['twilio', 'twilio-csv'])

/**
 * Hands entries to the intake, started in the order given. What belongs to a call waits for what came before of the same
 * call, since the intake begins a call it doesn't know by what it sees of it first.
 */
export function putInto(intake: Intake, format: ImportFormat): Put {
  const calls = new Map<string, Promise<unknown>>()
  const inCall = (callSid: string, take: () => Promise<boolean>): Promise<boolean> => {
    const before = calls.get(callSid)
    const taking = before ? before.then(take, take) : take()
    calls.set(callSid, taking)
    const leave = (): void => {
      if (calls.get(callSid) === taking) calls.delete(callSid)
    }
    taking.then(leave, leave)
    return taking
  }
  return async (entry) => {
    const source: Source = {
      kind: 'history',
      at: entry.at,
      ...(!BY_TWILIO.has(format) && { foreign: true }),
    }
    switch (entry.kind) {
      case 'message':
        return (await intake.message(entry.of, source)).fresh
      case 'sent':
        return (await intake.sentElsewhere(entry.of, source)).fresh
      case 'call':
        return inCall(entry.of.call_sid, async () => {
          const { fresh } = await intake.callBegan(entry.of, source)
          const { call_sid, call_status } = entry.of
          if (fresh && entry.duration_s !== undefined) {
            await intake.callProgress({ call_sid, call_status, duration_s: entry.duration_s })
          }
          return fresh
        })
      case 'voicemail':
        return inCall(entry.of.call_sid, async () => {
          const { fresh } = await intake.voicemail(entry.of, source)
          if (fresh && entry.transcript) await intake.transcript(entry.transcript, source)
          return fresh
        })
      case 'spoken':
        return inCall(entry.of.call_sid, async () => (await intake.spoken(entry.of, source)).fresh)
    }
  }
}
