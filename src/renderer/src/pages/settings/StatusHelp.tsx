import { useState } from 'react'
import type { Results } from '../../../../shared/contract.ts'
import { Button } from '../../parts/Button.tsx'
import { useConsole } from '../../state/app.ts'
import { Line } from './Parts.tsx'

/** The log for somebody who helps: seen before it leaves this computer. */
export function HelpLog() {
  const console = useConsole()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string>()
  const [made, setMade] = useState<Results['support.log']>()
  const make = async () => {
    setBusy(true)
    const result = await console.ask('support.log', {})
    setBusy(false)
    setError(result.ok ? undefined : result.error.message)
    if (result.ok) setMade(result.value)
  }
  return (
    <>
      <Line
        title="A log to send for help"
        about="How each part is and the newest lines of the log. Numbers, names, what people wrote and secrets are taken out, whatever is set under Privacy."
        error={error}
      >
        <Button busy={busy} onClick={() => void make()}>
          {busy ? 'Gathering' : made ? 'Gather it again' : 'Show it'}
        </Button>
      </Line>
      {made && <Shown made={made} onClose={() => setMade(undefined)} />}
    </>
  )
}

function Shown({ made, onClose }: { made: Results['support.log']; onClose: () => void }) {
  const { toasts } = useConsole()
  const save = () => {
    const url = URL.createObjectURL(new Blob([made.text], { type: 'text/plain' }))
    const link = document.createElement('a')
    link.href = url
    link.download = made.name
    link.click()
    URL.revokeObjectURL(url)
  }
  const copy = () => {
    navigator.clipboard.writeText(made.text).then(
      () => toasts.say('Copied'),
      () => toasts.fail('It could not be copied; mark it and copy it by hand.'),
    )
  }
  return (
    <div className="set__form">
      <textarea className="field help__text" aria-label="The log to send" readOnly value={made.text} />
      <p className="set__acts">
        <Button look="primary" onClick={save}>
          Save it
        </Button>
        <Button icon="copy" onClick={copy}>
          Copy
        </Button>
        <Button look="bare" onClick={onClose}>
          Close
        </Button>
      </p>
    </div>
  )
}
