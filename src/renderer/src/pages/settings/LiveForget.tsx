import type { LeavingView, LiveView } from '../../../../shared/live.ts'
import { Button } from '../../parts/Button.tsx'
import { PhoneNumber } from '../../parts/PhoneNumber.tsx'
import { OutLink, Refused } from './LiveStep.tsx'
import { SET_AT_TWILIO } from './liveSteps.ts'
import { useLiveAct } from './useLive.ts'

/**
 * Forgetting the account. Its numbers are put back first; where Twilio refuses that, a person may do without. Pressed while
 * Twilio is asked something else it is done after that: a button that is off for that moment would lose the press.
 */
export function LiveForget({ live, onDone }: { live: LiveView; onDone: () => void }) {
  const { busy, error, act } = useLiveAct()
  const forget = async (anyway: boolean) => {
    if (await act('live.forget', anyway ? { anyway } : {})) onDone()
  }
  if (live.leaving?.refused !== true)
    return (
      <>
        <p className="step__acts">
          <Button busy={busy} onClick={() => void forget(false)}>
            Forget this account
          </Button>
          <span className="meta">The numbers get back what they had before.</span>
        </p>
        <Refused error={error} />
      </>
    )
  return (
    <section className="leave" aria-label="Forgetting this account all the same">
      <Refused error={error ?? live.leaving.why} />
      <p>
        Twilio refuses to put these numbers back, so what people write to them may still be sent here. With
        the account’s present token, entered above, they are put back by themselves. To go on without it,
        change each by hand: open it at Twilio under Active numbers and set again what it had before.
      </p>
      <LeftNumbers leaving={live.leaving} />
      <p className="step__acts">
        <Button busy={busy} onClick={() => void forget(true)}>
          Forget it all the same
        </Button>
        <OutLink url="https://console.twilio.com/us1/develop/phone-numbers/manage/incoming">
          Active numbers at Twilio
        </OutLink>
      </p>
      <p className="meta">
        What they had stays written down here, and is put back if this account is ever entered again.
      </p>
    </section>
  )
}

function LeftNumbers({ leaving }: { leaving: LeavingView }) {
  return (
    <ul className="leave__left" aria-label="Numbers that still point here">
      {leaving.numbers.map(({ sid, number, set }) => (
        <li key={sid}>
          {number === '' ? sid : <PhoneNumber number={number} />}
          <dl>
            {set.map(({ name, now, before }) => (
              <div key={name}>
                <dt>{SET_AT_TWILIO[name] ?? name}</dt>
                <dd>
                  {before === '' ? 'empty before' : before}
                  <span className="meta"> (now {now})</span>
                </dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  )
}
