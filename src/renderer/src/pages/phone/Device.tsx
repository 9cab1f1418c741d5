import { useEffect } from 'react'
import { PhoneNumber } from '../../parts/PhoneNumber.tsx'
import { formatNumber } from '../../parts/phoneNumber.ts'
import { useConsole } from '../../state/app.ts'
import { useCell } from '../../state/cell.ts'
import { useTime } from '../../state/worldClock.ts'
import { clock } from '../../words.ts'
import { DeviceLog } from './DeviceLog.tsx'
import { DeviceWrite } from './DeviceWrite.tsx'
import { markSeen, type TestPhone } from './phones.ts'
import './device.css'

/** The customer's side. A plain outline, hatched: nobody should take it for a real one. */
export function Device({ phone, business }: { phone: TestPhone; business: string }) {
  const console = useConsole()
  const time = useTime(console.clock, clock)
  const name = useCell(console.channels).find(({ number }) => number === business)?.name ?? ''
  // A channel nobody has named yet is called by its number.
  const named = name !== '' && name !== business
  useEffect(() => markSeen(phone), [phone])
  return (
    <section className="device" aria-label={`${phone.label}’s phone, simulated`}>
      <div className="device__in">
        <div className="device__top n">
          <span>{time}</span>
          <span className="ink3">simulated</span>
        </div>
        <div className="device__who">
          <h2>
            <bdi>{named ? name : formatNumber(business)}</bdi>
          </h2>
          {named && (
            <span className="meta">
              <PhoneNumber number={business} />
            </span>
          )}
        </div>
        <DeviceLog phone={phone} />
        <DeviceWrite phone={phone} />
      </div>
    </section>
  )
}
