import { useState } from 'react'
import type { LiveView, NumberView } from '../../../../shared/live.ts'
import { Button } from '../../parts/Button.tsx'
import { Select } from '../../parts/Field.tsx'
import { MediumIcon } from '../../parts/MediumIcon.tsx'
import { PhoneNumber } from '../../parts/PhoneNumber.tsx'
import { isNamed, numberState } from './liveSteps.ts'
import { OutLink, Refused } from './LiveStep.tsx'
import { useLiveAct } from './useLive.ts'

type Choice = ReadonlyMap<string, NumberView['voice']>

/** The account's numbers: what each can do, and which of them come here. */
export function LiveNumbers({ live, onDone }: { live: LiveView; onDone: () => void }) {
  const choosing = useLiveAct()
  const reading = useLiveAct()
  const [choice, setChoice] = useState<Choice>()
  const chosen: Choice =
    choice ?? new Map(live.numbers.filter((one) => one.chosen).map(({ sid, voice }) => [sid, voice]))
  const choose = (sid: string, voice: NumberView['voice'] | null) => {
    const next = new Map(chosen)
    if (voice === null) next.delete(sid)
    else next.set(sid, voice)
    setChoice(next)
  }
  const keep = async () => {
    const numbers = [...chosen].map(([sid, voice]) => ({ sid, voice }))
    if (await choosing.act('live.choose', { numbers })) onDone()
  }
  const none = live.numbers.length === 0
  // Of a number that is gone nothing can come: it may go though it is the last one chosen.
  const before = live.numbers.filter((one) => one.chosen)
  const mayKeep = chosen.size > 0 || (before.length > 0 && before.every(({ state }) => state === 'gone'))
  return (
    <div className="step__form">
      {none && live.numbers_read_at === null && <p>The numbers of the account are being read.</p>}
      {none && live.numbers_read_at !== null && (
        <p>
          The account has no numbers yet.{' '}
          <OutLink url="https://console.twilio.com/us1/develop/phone-numbers/manage/search">
            Get one at Twilio
          </OutLink>
          , then read them again.
        </p>
      )}
      <ul className="numbers">
        {live.numbers.map((number) => (
          <NumberRow
            key={number.sid}
            number={number}
            voice={chosen.get(number.sid) ?? null}
            onChoose={(voice) => choose(number.sid, voice)}
          />
        ))}
      </ul>
      {live.problem && (
        <p role="alert" className="lampc">
          {live.problem}
        </p>
      )}
      <Refused error={choosing.error ?? reading.error} />
      <p className="step__acts">
        {!none && (
          <Button look="primary" disabled={!mayKeep} busy={choosing.busy} onClick={() => void keep()}>
            {choosing.busy ? 'Choosing' : 'Use these'}
          </Button>
        )}
        <Button busy={reading.busy} onClick={() => void reading.act('live.numbers', {})}>
          {reading.busy ? 'Reading' : 'Read them again'}
        </Button>
        {!none && !mayKeep && <span className="meta">Choose at least one.</span>}
      </p>
    </div>
  )
}

interface RowProps {
  number: NumberView
  /** Null: not chosen. */
  voice: NumberView['voice'] | null
  onChoose: (voice: NumberView['voice'] | null) => void
}

function NumberRow({ number, voice, onChoose }: RowProps) {
  const { can } = number
  const isKnown = number.state !== 'gone' && number.state !== 'unread'
  const isUseless = isKnown && !can.sms && !can.voice && !can.whatsapp
  return (
    <li className="numbers__row">
      <label className="check">
        <input
          type="checkbox"
          checked={voice !== null}
          disabled={isUseless && voice === null}
          onChange={(event) => onChoose(event.target.checked ? 'leave' : null)}
        />
        <span className="grow">
          {number.kind === 'whatsapp' && <strong>WhatsApp </strong>}
          {isNamed(number) && <strong>{number.name} </strong>}
          <PhoneNumber number={number.number} />
        </span>
        <span className="numbers__can">
          {can.sms && <MediumIcon medium="sms" />}
          {can.whatsapp && <MediumIcon medium="whatsapp" />}
          {can.voice && <MediumIcon medium="voice" />}
        </span>
      </label>
      <p className="meta">
        {isUseless
          ? 'Takes neither texts nor calls.'
          : `${can.mms ? 'Takes pictures too. ' : ''}${sentence(numberState(number))}.`}
      </p>
      {number.problem && <p className="lampc">{number.problem}</p>}
      {voice !== null && can.voice && (
        <Select
          label="Calls to it"
          value={voice}
          onChange={(event) => onChoose(event.target.value === 'here' ? 'here' : 'leave')}
        >
          <option value="leave">Stay with what answers them today</option>
          <option value="here">Come here, to be recorded as voicemail</option>
        </Select>
      )}
      {voice === 'here' && (
        <p className="meta">
          While this computer sleeps, what answers them today goes on answering; where nothing does, Twilio
          takes a voicemail. A call is not lost.
        </p>
      )}
    </li>
  )
}

const sentence = (words: string) => words.charAt(0).toUpperCase() + words.slice(1)
