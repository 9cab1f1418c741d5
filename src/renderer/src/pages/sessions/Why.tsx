import type { CSSProperties } from 'react'
import { useCallback } from 'react'
import type { SessionView } from '../../../../shared/contract.ts'
import { Button } from '../../parts/Button.tsx'
import { keepFocusIn } from '../../parts/focusBack.ts'
import { useConsole } from '../../state/app.ts'
import { mergeWithEarlier } from '../../state/acts.ts'
import { go } from '../../state/route.ts'
import { useMinute } from '../../state/worldClock.ts'
import { gapShare, reasonWords } from '../../words.ts'

const transcriptBox = () => document.querySelector('#chat .log')

interface WhyProps {
  session: SessionView
  withActs: boolean
  onAway?: ((away: boolean) => void) | undefined
}

/** Why this session is one of its own: the sentence, and the silence to scale on the cord. */
export function Why({ session, withActs, onAway }: WhyProps) {
  const console = useConsole()
  const now = useMinute(console.clock)
  const { reason } = session.metadata
  const at: CSSProperties & Record<'--at', number> = { '--at': gapShare(reason) }
  const watch = useCallback(
    (element: HTMLElement | null) => {
      if (!element || !onAway) return
      const seen = new IntersectionObserver(
        ([entry]) => {
          if (!entry) return
          onAway(!entry.isIntersecting && entry.boundingClientRect.top < (entry.rootBounds?.top ?? 0))
        },
        { root: element.closest('.log') },
      )
      seen.observe(element)
      return () => seen.disconnect()
    },
    [onAway],
  )
  return (
    <li ref={watch} className={`why why--${reason.kind}`} style={at}>
      <div className="why__box">
        <p className="grow">
          <strong>New session</strong> ·{' '}
          <span className="n">{reasonWords(reason, session.communication_type, now)}</span>
        </p>
        {withActs && session.earlier !== null && (
          <Button
            once
            look="bare"
            icon="join"
            className="not-narrow"
            onClick={() => void keepFocusIn(transcriptBox, mergeWithEarlier(console, session._id))}
          >
            Join with earlier
          </Button>
        )}
        {withActs && reason.kind === 'silence' && (
          <Button look="bare" className="not-narrow" onClick={() => go({ page: 'settings', place: 'gap' })}>
            Gap…
          </Button>
        )}
      </div>
    </li>
  )
}
