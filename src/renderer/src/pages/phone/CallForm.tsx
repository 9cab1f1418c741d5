import { useState } from 'react'
import { Button } from '../../parts/Button.tsx'
import { useConsole } from '../../state/app.ts'
import type { TestPhone } from './phones.ts'
import { askPhone } from './simulation.ts'
import { useAsk } from './useAsk.ts'

/** A call, which nobody takes: what is said after the tone is a voicemail; who hangs up before it was missed. */
export function CallForm({ phone }: { phone: TestPhone }) {
  const console = useConsole()
  const { busy, problem, run } = useAsk()
  const [words, setWords] = useState('')
  const voicemail = words.trim().replace(/\s*\n\s*/g, ' ')

  const call = (said: { voicemail?: string }) =>
    run(() => askPhone(console, 'phone.call', { from: phone.number, ...said }))
  const leave = async () => {
    if (await call({ voicemail })) setWords('')
  }
  return (
    <div className="device__call">
      <textarea
        className="field"
        aria-label={`What ${phone.label} says after the tone`}
        placeholder="What is said after the tone"
        rows={3}
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
          disabled={voicemail === '' && !busy}
          onClick={() => void leave()}
        >
          {busy ? 'Calling' : 'Leave a voicemail'}
        </Button>
        {/* What was written to be said is still there for the next call. */}
        <Button busy={busy} onClick={() => void call({})}>
          Call and hang up
        </Button>
      </div>
      <p className="meta">
        Hanging up before the tone makes a missed call{voicemail === '' && '; a voicemail needs words'}.
      </p>
      {problem !== null && (
        <p className="meta dangerc" role="alert">
          The call did not go through. {problem}
        </p>
      )}
    </div>
  )
}
