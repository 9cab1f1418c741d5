import { LinkButton } from '../../parts/Button.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { PhoneNumber } from '../../parts/PhoneNumber.tsx'
import { useCell } from '../../state/cell.ts'
import { addPhone, hasNew, held, type TestPhone } from './phones.ts'

interface PhoneListProps {
  phones: readonly TestPhone[]
  inHand: string | undefined
}

/** The phones there are; the one in the hand is shown. */
export function PhoneList({ phones, inHand }: PhoneListProps) {
  const now = useCell(held)
  return (
    <section aria-labelledby="sim-phones">
      <div className="sim__h">
        <h2 className="h3" id="sim-phones">
          Phones
        </h2>
        <LinkButton onClick={() => addPhone(phones)}>Add a phone</LinkButton>
      </div>
      <ul className="phones">
        {phones.map((phone) => (
          <li key={phone.number}>
            <button
              type="button"
              aria-pressed={phone.number === inHand}
              onClick={() => held.update((there) => ({ ...there, chosen: phone.number }))}
            >
              <Icon name="phone" />
              <bdi className="cut">{phone.label}</bdi>
              {phone.number !== inHand && hasNew(phone, now) && (
                <span className="unread-dot" role="img" aria-label="new answer" />
              )}
              <span className="meta phones__number">
                <PhoneNumber number={phone.number} />
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
