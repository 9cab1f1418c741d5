import { useEffect, useRef, useState } from 'react'
import type { SessionView } from '../../../../shared/contract.ts'
import { Button } from '../../parts/Button.tsx'
import { useConsole } from '../../state/app.ts'
import { useCell, useEntry } from '../../state/cell.ts'
import { plural } from '../../words.ts'
import { Earlier } from './Earlier.tsx'
import { ReadingPlace } from './ReadingPlace.ts'
import { SessionBlock } from './SessionBlock.tsx'
import './transcript.css'

interface TranscriptProps {
  session: SessionView
  splitting: boolean
  onSplitDone: () => void
  /** Told when the sentence why this session began has scrolled away, and when it is back. */
  onReasonAway: (away: boolean) => void
}

/**
 * The messages of a session; upwards, on request, those of the sessions before it. The cord at the left edge is time
 * running down: a line is a session, a dot a message (filled = received, ring = sent), a broken line silence.
 */
export function Transcript({ session, splitting, onSplitDone, onReasonAway }: TranscriptProps) {
  const console = useConsole()
  const id = session._id
  /** Earlier sessions that were unfolded, oldest first. */
  const [unfolded, setUnfolded] = useState<readonly string[]>([])
  const [{ attach, arrived, keep, toEnd, below }] = useState(() => new ReadingPlace(console.places, id))
  const first = useEntry(console.sessions, unfolded[0] ?? id)
  const transcript = useEntry(console.transcripts.bySession, id)
  const unseen = useCell(below)
  useEffect(() => arrived(transcript?.messages.map((message) => message._id) ?? []), [arrived, transcript])
  const sending = transcript?.outgoing.length ?? 0
  const sentBefore = useRef(0)
  useEffect(() => {
    // What the operator writes is where they look; what moved to another session is nothing they wrote.
    if (sending > sentBefore.current) toEnd()
    sentBefore.current = sending
  }, [toEnd, sending])

  const unfold = (earlier: string) => {
    keep()
    setUnfolded([earlier, ...unfolded])
  }
  return (
    <div className="log__frame">
      <div className="log inset" ref={attach} role="log" aria-label="Messages" tabIndex={0}>
        <ol>
          {typeof first?.earlier === 'string' && <Earlier id={first.earlier} onShow={unfold} />}
          {unfolded.map((earlier) => (
            <SessionBlock key={earlier} id={earlier} onGrow={keep} />
          ))}
          <SessionBlock
            id={id}
            onGrow={keep}
            isCurrent
            splitting={splitting}
            onSplitDone={onSplitDone}
            onReasonAway={onReasonAway}
          />
        </ol>
      </div>
      {unseen > 0 && (
        <Button className="log__below" icon="down" onClick={toEnd}>
          {plural(unseen, 'new message')}
        </Button>
      )}
    </div>
  )
}
