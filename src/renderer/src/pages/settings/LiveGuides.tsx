import { OutLink } from './LiveStep.tsx'

interface Guide {
  name: string
  about: string
  steps: (port: string) => readonly string[]
  link: string
}

/** Words between backquotes are typed. */
const GUIDES: readonly Guide[] = [
  {
    name: 'ngrok',
    about: 'An address that stays, with a free account.',
    steps: (port) => [
      'Make an account at ngrok.com, install ngrok, and give it your token: `ngrok config add-authtoken TOKEN`.',
      'Under Domains, take the one domain a free account has.',
      `Start it, and leave it running: \`ngrok http ${port} --url YOUR-NAME.ngrok-free.app\`.`,
      'Enter https:// and that name above.',
    ],
    link: 'https://ngrok.com/docs/getting-started/',
  },
  {
    name: 'Cloudflare Tunnel',
    about: 'For a domain that Cloudflare looks after.',
    steps: (port) => [
      'In Cloudflare’s dashboard, under Networks, Tunnels, create a tunnel and run the command it shows on this computer.',
      `Add a public hostname, such as sms.example.com, for the service \`http://127.0.0.1:${port}\`.`,
      'Enter https:// and that hostname above.',
    ],
    link: 'https://developers.cloudflare.com/cloudflare-one/connections/connect-networks/',
  },
  {
    name: 'Tailscale Funnel',
    about: 'For a computer that is in a Tailscale network.',
    steps: (port) => [
      `Start it: \`tailscale funnel --bg ${port}\`. The first time it shows a page on which you allow Funnel.`,
      'Enter the https address it prints above.',
    ],
    link: 'https://tailscale.com/kb/1223/funnel',
  },
]

/** For each provider what to do, folded: the port is this console's. */
export function LiveGuides({ webhooks }: { webhooks: string }) {
  const port = URL.parse(webhooks)?.port ?? ''
  return (
    <div className="guides">
      <p>
        It must lead to port <code>{port || '4400'}</code> of this computer, and to no other: only Twilio’s
        messages are taken there.
      </p>
      {GUIDES.map(({ name, about, steps, link }) => (
        <details key={name} className="fold">
          <summary>{name}</summary>
          <p className="meta">{about}</p>
          <ol className="guide">
            {steps(port || '4400').map((step) => (
              <li key={step}>
                <Typed words={step} />
              </li>
            ))}
          </ol>
          <OutLink url={link}>More at {name}</OutLink>
        </details>
      ))}
    </div>
  )
}

function Typed({ words }: { words: string }) {
  return words.split('`').map((part, at) => (at % 2 === 0 ? part : <code key={at}>{part}</code>))
}
