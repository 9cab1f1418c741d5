import type { SubmitEvent } from 'react'
import { useEffect, useRef, useState } from 'react'
import type { Medium } from '../../../../shared/documents.ts'
import { IconButton } from '../../parts/Button.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { MediumIcon } from '../../parts/MediumIcon.tsx'
import { Segments } from '../../parts/Segments.tsx'
import { useConsole } from '../../state/app.ts'
import { useCell } from '../../state/cell.ts'
import { CallForm } from './CallForm.tsx'
import { held, setWay, type TestPhone, wayOf } from './phones.ts'
import { askPhone } from './simulation.ts'
import { useAsk } from '../../state/useAsk.ts'

const WAYS = [
  { value: 'whatsapp', words: 'WhatsApp' },
  { value: 'sms', words: 'SMS' },
  { value: 'voice', words: 'Call' },
] as const satisfies readonly { value: Medium; words: string }[]

/** Characters of one message that Twilio takes (design: the contract's `phone.text`). */
const LONGEST_TEXT = 1600

/** How the phone reaches the business: in writing, with a photo, or by a call. */
export function DeviceWrite({ phone }: { phone: TestPhone }) {
  const now = useCell(held)
  const way = wayOf(phone, now)
  const box = useRef<HTMLDivElement>(null)
  const { fresh } = now
  useEffect(() => {
    if (!fresh) return
    held.update((there) => ({ ...there, fresh: false }))
    box.current?.querySelector('textarea')?.focus()
  }, [fresh])
  return (
    <div className="device__write" ref={box}>
      <Segments
        label="Medium"
        value={way}
        onChange={(chosen) => setWay(phone, chosen)}
        choices={WAYS.map(({ value, words }) => ({
          value,
          words: (
            <>
              <span aria-hidden="true">
                <MediumIcon medium={value} />
              </span>
              {words}
            </>
          ),
        }))}
      />
      {way === 'voice' ? <CallForm phone={phone} /> : <TextForm phone={phone} medium={way} />}
    </div>
  )
}

function TextForm({ phone, medium }: { phone: TestPhone; medium: 'sms' | 'whatsapp' }) {
  const console = useConsole()
  const { problem, run } = useAsk()
  const [body, setBody] = useState('')
  // Nothing is cut off unseen: what Twilio takes at once is said.
  const length = body.trim().length
  const tooLong =
    length > LONGEST_TEXT
      ? `A text has ${LONGEST_TEXT.toLocaleString('en-US')} characters at most; this one has ${length.toLocaleString('en-US')}.`
      : null
  const field = useRef<HTMLTextAreaElement>(null)

  const send = async (photo: boolean) => {
    if ((body.trim() === '' && !photo) || tooLong !== null) return
    setBody('')
    field.current?.focus()
    const text = { from: phone.number, medium, body: body.trim(), photo }
    const sent = await run(() => askPhone(console, 'phone.text', text))
    // What could not be sent is there again, unless something else was begun.
    if (!sent) setBody((now) => now || body)
  }
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault()
    void send(false)
  }
  return (
    <form onSubmit={onSubmit}>
      <div className="device__line">
        <IconButton icon="image" label="Send a photo" onClick={() => void send(true)} />
        <textarea
          className="field"
          ref={field}
          aria-label={`Write as ${phone.label}`}
          placeholder={`Write as ${phone.label}`}
          rows={1}
          dir="auto"
          value={body}
          onChange={(event) => setBody(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
            event.preventDefault()
            void send(false)
          }}
        />
        <button type="submit" className="btn btn--primary btn--icon" aria-label={`Send as ${phone.label}`}>
          <Icon name="arrow" />
        </button>
      </div>
      {(tooLong ?? problem) !== null && (
        <p className="meta dangerc" role="alert">
          {tooLong ?? `Not sent. ${problem ?? ''}`}
        </p>
      )}
    </form>
  )
}
