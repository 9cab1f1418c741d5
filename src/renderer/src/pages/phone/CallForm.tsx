import { useState } from 'react'
import { Button } from '../../parts/Button.tsx'
import { useConsole } from '../../state/app.ts'
import type { TestPhone } from './phones.ts'
import { askPhone } from './simulation.ts'
import { useAsk } from './useAsk.ts'

/** A call: each line is said after the business has spoken. Or a voicemail, all in one. */
export function CallForm({ phone }: { phone: TestPhone }) {
  const console = useConsole()
  const { busy, problem, run } = useAsk()
  const [words, setWords] = useState('')
  const lines = words
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)

  const call = async (voicemail: boolean) => {
    const said = voicemail ? { voicemail: lines.join(' ') } : { lines: lines.slice(0, 20) }
    if (await run(() => askPhone(console, 'phone.call', { from: phone.number, ...said }))) setWords('')
  }
  return (
    <div className="device__call">
      <textarea
        className="field"
        aria-label={`What ${phone.label} says, a line at a time`}
        placeholder="What is said, a line at a time"
        rows={3}
        maxLength={1000}
        dir="auto"
        value={words}
        onChange={(event) => setWords(event.target.value)}
      />
      <div className="device__calls">
        <Button look="primary" icon="voice" disabled={busy} onClick={() => void call(false)}>
          {busy ? 'Calling' : 'Call'}
        </Button>
        <Button disabled={busy || lines.length === 0} onClick={() => void call(true)}>
          Leave a voicemail
        </Button>
      </div>
      <p className="meta">
        {lines.length === 0 ? 'Without words the call is a missed one; a voicemail needs some.' : ''}
      </p>
      {problem !== null && (
        <p className="meta dangerc" role="alert">
          The call did not go through. {problem}
        </p>
      )}
    </div>
  )
}
