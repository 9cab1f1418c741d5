import { Button, LinkButton } from '../../parts/Button.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { PhoneNumber } from '../../parts/PhoneNumber.tsx'
import { useApp, useConsole } from '../../state/app.ts'
import { useCell } from '../../state/cell.ts'
import { go } from '../../state/route.ts'
import { startWithText } from '../phone/simulation.ts'
import { StartSimulation } from '../phone/StartSimulation.tsx'
import { Picture } from './Picture.tsx'
import './welcome.css'

/** Shown in place of a session while there are none at all: what this is, and a first message one press away. */
export function Welcome() {
  const simulated = useConsole().world === 'simulation'
  return (
    <div className="welcome">
      <h2 className="welcome__title">Welcome to Switchboard</h2>
      <p className="lead">
        Texts, WhatsApp messages and calls to your number arrive here, sorted into sessions and kept on this
        computer only.
      </p>
      <Picture />
      <div className="ways">
        <TryIt />
        {!simulated && <GoLive />}
      </div>
      {!simulated && (
        <p className="ways__also">
          <LinkButton onClick={() => go({ page: 'settings', place: 'data' })}>
            Bring in what you have, or restore a backup
          </LinkButton>
        </p>
      )}
    </div>
  )
}

function TryIt() {
  const app = useApp()
  return (
    <section className="way" aria-labelledby="welcome-try">
      <h3 id="welcome-try">
        <Icon name="phone" size={20} />
        Try it first
      </h3>
      <p>A simulated phone writes to you, you answer. Takes a minute, needs no account, costs nothing.</p>
      <StartSimulation words="Send the first text" begin={() => startWithText(app)} />
    </section>
  )
}

function GoLive() {
  const console = useConsole()
  const truth = useCell(console.truth)
  const [channel] = useCell(console.channels)
  if (truth?.account === 'set')
    return (
      <section className="way" aria-labelledby="welcome-live">
        <h3 id="welcome-live">
          <Icon name="tunnel" size={20} />
          Your account is set
        </h3>
        <p>
          Text {channel ? <PhoneNumber number={channel.number} /> : 'your Twilio number'} from your own phone,
          and it stands here. Nothing? Twilio must know this address for your number’s messages:
        </p>
        <code>{`${truth.public_base ?? truth.webhooks}/webhooks/sms`}</code>
        <Button onClick={() => go({ page: 'settings' })}>Settings</Button>
      </section>
    )
  return (
    <section className="way" aria-labelledby="welcome-live">
      <h3 id="welcome-live">
        <Icon name="tunnel" size={20} />
        Connect Twilio
      </h3>
      <p>
        You need the account’s SID and token. Five steps, about five minutes; each says what it does and can
        be undone.
      </p>
      <Button big onClick={() => go({ page: 'settings', place: 'live' })}>
        Connect
      </Button>
    </section>
  )
}
