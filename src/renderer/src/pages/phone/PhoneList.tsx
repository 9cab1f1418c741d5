import { IconButton, LinkButton } from '../../parts/Button.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { PhoneNumber } from '../../parts/PhoneNumber.tsx'
import { useApp, useConsole } from '../../state/app.ts'
import { useCell } from '../../state/cell.ts'
import { addPhone, dropPhone, hasNew, held, type TestPhone } from './phones.ts'
import { askPhone } from './simulation.ts'

interface PhoneListProps {
  phones: readonly TestPhone[]
  inHand: string | undefined
}

/** The phones there are; the one in the hand is shown. */
export function PhoneList({ phones, inHand }: PhoneListProps) {
  const now = useCell(held)
  const console = useConsole()
  const { toasts } = useApp()

  const remove = async (phone: TestPhone, row: Element | null) => {
    // The keyboard goes on from the phone before it: those of the brief stay.
    row?.previousElementSibling?.querySelector('button')?.focus()
    const problem = await askPhone(console, 'phone.remove', { number: phone.number })
    if (problem === null) dropPhone(phone)
    else toasts.fail(problem)
  }
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
            {phone.added && (
              <IconButton
                icon="x"
                size={12}
                label={`Remove ${phone.label}`}
                onClick={(event) => void remove(phone, event.currentTarget.closest('li'))}
              />
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
