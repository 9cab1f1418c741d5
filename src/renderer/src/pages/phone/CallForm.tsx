import { useState } from 'react'
import { Button } from '../../parts/Button.tsx'
import { useConsole } from '../../state/app.ts'
import type { TestPhone } from './phones.ts'
import { askPhone } from './simulation.ts'
import { useAsk } from '../../state/useAsk.ts'

/** Lines one call takes (design: the contract's `phone.call`). */
const MOST_LINES = 20

/**
 * A call, which nobody takes: what is spoken in it, line by line, and what is said after the tone, which is a voicemail.
 * Who hangs up without a word was missed.
 */
export function CallForm({ phone }: { phone: TestPhone }) {
  const console = useConsole()
  const { busy, problem, run } = useAsk()
  const [spoken, setSpoken] = useState('')
  const [words, setWords] = useState('')
  const voicemail = words.trim().replace(/\s*\n\s*/g, ' ')
  const lines = spoken
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const tooMany = lines.length > MOST_LINES

  const call = async (said: { voicemail?: string }) => {
    const done = await run(() => askPhone(console, 'phone.call', { from: phone.number, lines, ...said }))
    if (done) setSpoken('')
    return done
  }
  const leave = async () => {
    if (await call({ voicemail })) setWords('')
  }
  return (
    <div className="device__call">
      <textarea
        className="field"
        aria-label={`Spoken by ${phone.label} in the call, one line each`}
        placeholder="Spoken in the call, one line each"
        rows={2}
        maxLength={1000}
        dir="auto"
        value={spoken}
        onChange={(event) => setSpoken(event.target.value)}
      />
      <textarea
        className="field"
        aria-label={`What ${phone.label} says after the tone`}
        placeholder="What is said after the tone"
        rows={2}
        maxLength={1000}
        dir="auto"
        value={words}
        onChange={(event) => setWords(event.target.value)}
      />
      <div className="device__calls">
        <Button
          look="primary"
          icon="voice"
          busy={busy}
          disabled={(voicemail === '' || tooMany) && !busy}
          onClick={() => void leave()}
        >
          {busy ? 'Calling' : 'Leave a voicemail'}
        </Button>
        {/* What was written to be said after the tone is still there for the next call. */}
        <Button busy={busy} disabled={tooMany && !busy} onClick={() => void call({})}>
          {lines.length > 0 ? 'Speak and hang up' : 'Call and hang up'}
        </Button>
      </div>
      <p className="meta">
        {lines.length > 0
          ? 'What is spoken in the call stands in its session line by line'
          : 'Hanging up before the tone makes a missed call'}
        {voicemail === '' && '; a voicemail needs words'}.
      </p>
      {(tooMany || problem !== null) && (
        <p className="meta dangerc" role="alert">
          {tooMany
            ? `A call has ${MOST_LINES} lines at most; these are ${lines.length}.`
            : `The call did not go through. ${problem ?? ''}`}
        </p>
      )}
    </div>
  )
}
