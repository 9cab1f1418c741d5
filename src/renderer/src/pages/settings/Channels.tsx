import type { SettingsView } from '../../../../shared/contract.ts'
import type { Channel } from '../../../../shared/documents.ts'
import { Button } from '../../parts/Button.tsx'
import { Empty } from '../../parts/Empty.tsx'
import { PhoneNumber } from '../../parts/PhoneNumber.tsx'
import { formatNumber } from '../../parts/phoneNumber.ts'
import { useConsole } from '../../state/app.ts'
import { useCell } from '../../state/cell.ts'
import { go } from '../../state/route.ts'
import { useMinute } from '../../state/worldClock.ts'
import { longDate, ms } from '../../words.ts'
import { KeptField, Section } from './Parts.tsx'
import { useKeep } from './useSettings.ts'

/** The numbers customers write to and call. */
export function Channels({ settings }: { settings: SettingsView }) {
  const kept = useCell(useConsole().channels)
  const channels = kept.length > 0 ? kept : settings.channels
  return (
    <Section
      id="channels"
      title="Channels"
      lead="A channel is one of your numbers. It appears by itself with the first message or call that Twilio sends for it."
    >
      {channels.length === 0 ? (
        <div className="set__box">
          <Empty
            title="No channel yet"
            action={<Button onClick={() => go({ page: 'phone' })}>Try the test phone</Button>}
          >
            Your number stands here once something has arrived for it. Its name and its gaps can then be set.
          </Empty>
        </div>
      ) : (
        <ul className="channels">
          {channels.map((channel) => (
            <Row key={channel._id} channel={channel} />
          ))}
        </ul>
      )}
    </Section>
  )
}

function Row({ channel }: { channel: Channel }) {
  const keep = useKeep()
  const now = useMinute(useConsole().clock)
  const rename = async (name: string) =>
    name === '' ? 'A channel needs a name.' : keep('channels.save', { id: channel._id, name })
  return (
    <li className="line">
      <div className="line__words">
        <h3>
          <PhoneNumber number={channel.number} />
        </h3>
        <p>since {longDate(ms(channel.createdAt), now)}</p>
      </div>
      <div className="line__control line__control--wide">
        <KeptField
          label={`Name of ${formatNumber(channel.number)}`}
          hideLabel
          placeholder="Name, such as Front desk"
          maxLength={100}
          value={channel.name}
          onKeep={rename}
        />
      </div>
    </li>
  )
}
