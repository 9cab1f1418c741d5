import { useState } from 'react'
import type { LiveView, WayView } from '../../../../shared/live.ts'
import { Button } from '../../parts/Button.tsx'
import { Field } from '../../parts/Field.tsx'
import { useConsole } from '../../state/app.ts'
import { useCell } from '../../state/cell.ts'
import { LiveGuides } from './LiveGuides.tsx'
import { Refused } from './LiveStep.tsx'
import { useLiveAct } from './useLive.ts'

const WAYS = [
  {
    kind: 'localtunnel',
    title: 'localtunnel',
    about: 'Needs nothing: an address for this computer, opened by itself. Free, and as steady as that.',
  },
  {
    kind: 'address',
    title: 'An address of your own',
    about: 'A domain, ngrok, Cloudflare Tunnel or Tailscale Funnel that leads to this computer. Steadier.',
  },
] as const satisfies readonly { kind: WayView['kind']; title: string; about: string }[]

/** How Twilio reaches this computer. */
export function LiveWay({ live, onDone }: { live: LiveView; onDone: () => void }) {
  const truth = useCell(useConsole().truth)
  const { busy, error, act } = useLiveAct()
  const [kind, setKind] = useState<WayView['kind']>(live.way.kind === 'none' ? 'localtunnel' : live.way.kind)
  const [address, setAddress] = useState(live.way.kind === 'address' ? live.way.url : '')
  const [server, setServer] = useState(live.way.kind === 'localtunnel' ? live.way.url : '')
  const [tried, setTried] = useState(false)
  const isAddress = kind === 'address'
  const missing = isAddress && address.trim() === '' ? 'The address is missing.' : undefined
  const open = async () => {
    setTried(true)
    if (
      missing === undefined &&
      (await act('live.way', { kind, url: (isAddress ? address : server).trim() }))
    )
      onDone()
  }
  return (
    <form
      className="step__form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void open()
      }}
    >
      <fieldset className="choices">
        <legend className="sr">How Twilio reaches this computer</legend>
        {WAYS.map((way) => (
          <label key={way.kind} className="check">
            <input
              type="radio"
              name="way"
              checked={kind === way.kind}
              onChange={() => {
                setKind(way.kind)
              }}
            />
            <span className="grow">
              <strong>{way.title}</strong>
              <span className="check__about">{way.about}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {isAddress ? (
        <>
          <Field
            label="Address"
            type="url"
            dir="ltr"
            placeholder="https://sms.example.com"
            maxLength={300}
            value={address}
            error={(tried ? missing : undefined) ?? error}
            onChange={(event) => setAddress(event.target.value)}
          />
          <LiveGuides webhooks={truth?.webhooks ?? ''} />
        </>
      ) : (
        <>
          <p>
            Whoever runs the tunnel’s server can read what passes through it, numbers and words. They can’t
            forge anything: each message is signed with your token.
          </p>
          <details className="fold">
            <summary>Use a localtunnel server of your own</summary>
            <Field
              label="Its address"
              type="url"
              dir="ltr"
              placeholder="https://tunnel.example.com"
              maxLength={300}
              value={server}
              hint="Empty: the public one."
              onChange={(event) => setServer(event.target.value)}
            />
          </details>
          <Refused error={error} />
        </>
      )}
      <p className="step__acts">
        <Button type="submit" look="primary" busy={busy}>
          {busy ? 'Opening' : 'Open it'}
        </Button>
        <span className="meta">Then that address is asked whether it leads here.</span>
      </p>
    </form>
  )
}
