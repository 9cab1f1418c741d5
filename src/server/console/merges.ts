import type { MergeView } from '../../shared/contract.ts'
import type { Act, Session } from '../../shared/documents.ts'

/** What the operator joined within a session, from the acts of its key. Nothing where nothing was. */
export function mergesOf(
  { metadata: { firstMessageAt }, last_message_at }: Pick<Session, 'metadata' | 'last_message_at'>,
  acts: readonly Act[],
): { merges?: MergeView[] } {
  const merges = acts.flatMap((act): MergeView[] => {
    const { from, to } = act
    if (act.kind !== 'merge' || act.undone || !from || !to) return []
    if (to.at < firstMessageAt || from.at > last_message_at) return []
    // A later cut is no part of what was joined: it parts it again.
    const cuts = acts
      .filter((cut) => (cut.kind === 'close' || cut.kind === 'split') && !cut.undone && cut.order < act.order)
      .filter((cut) => cut.lifted !== 'removed')
      .map((cut) => (cut.from ? { at: cut.from.at, sid: cut.from.sid } : { at: cut.at }))
      .filter(({ at }) => at >= from.at && at <= to.at)
    return [{ from: from.at, to: to.at, cuts }]
  })
  return merges.length > 0 ? { merges } : {}
}
