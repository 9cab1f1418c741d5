import type { SubmitEvent } from 'react'
import { useState } from 'react'
import type { LiveView } from '../../../../shared/live.ts'
import { Button } from '../../parts/Button.tsx'
import { Field } from '../../parts/Field.tsx'
import { useApp } from '../../state/app.ts'
import { wrongSid, wrongToken } from './liveSteps.ts'
import { OutLink } from './LiveStep.tsx'
import { useLiveAct } from './useLive.ts'

/** SID and token, checked with Twilio before they are kept. */
export function LiveAccount({ live, onDone }: { live: LiveView; onDone: () => void }) {
  const { transport } = useApp()
  const { busy, error, act } = useLiveAct()
  const [sid, setSid] = useState(live.account.sid ?? '')
  const [token, setToken] = useState('')
  const [tried, setTried] = useState(false)
  const refused = live.account.state === 'refused' ? live.account.sentence : undefined
  if (live.account.kept === 'environment')
    return (
      <p role={refused ? 'alert' : undefined} className={refused ? 'dangerc' : undefined}>
        {live.account.sentence} It is set by TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN. Change them there and
        start Switchboard again.
      </p>
    )
  const send = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    setTried(true)
    if (wrongSid(sid) !== undefined || wrongToken(token) !== undefined) return
    if (!(await act('live.account', { account_sid: sid.trim(), auth_token: token.trim() }))) return
    setToken('')
    onDone()
  }
  return (
    <form className="step__form" noValidate onSubmit={(event) => void send(event)}>
      <Field
        label="Account SID"
        value={sid}
        autoComplete="off"
        spellCheck={false}
        maxLength={60}
        placeholder="AC…"
        error={tried ? wrongSid(sid) : undefined}
        onChange={(event) => setSid(event.target.value)}
      />
      <Field
        label="Auth token"
        type="password"
        value={token}
        autoComplete="off"
        maxLength={100}
        error={(tried ? wrongToken(token) : undefined) ?? error ?? refused}
        hint={
          transport.kind === 'ipc'
            ? 'Checked with Twilio at once and kept in this system’s key store, never among your data.'
            : 'Checked with Twilio at once and kept until the console ends, never among your data. Set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN where it starts, and it need not be entered again.'
        }
        onChange={(event) => setToken(event.target.value)}
      />
      <p className="step__acts">
        <Button type="submit" look="primary" busy={busy}>
          {busy ? 'Asking Twilio' : 'Check and keep'}
        </Button>
        <OutLink url="https://console.twilio.com/">Both stand on the first page of Twilio’s console</OutLink>
      </p>
    </form>
  )
}
