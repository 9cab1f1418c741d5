import { useEffect, useRef, useState } from 'react'
import type { ContentView, SessionView } from '../../../../shared/contract.ts'
import { filled, partsOf } from '../../../../shared/content.ts'
import { Button } from '../../parts/Button.tsx'
import { Field, Select } from '../../parts/Field.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { useConsole } from '../../state/app.ts'
import './contentPicker.css'

interface PickerProps {
  session: SessionView
  /** Free words are not taken now: what is not approved cannot be sent either. */
  isOnlyWay: boolean
  onDone: () => void
}

/** The account's WhatsApp templates: choose one, fill it in, see what it comes to, send it. */
export function ContentPicker({ session, isOnlyWay, onDone }: PickerProps) {
  const { contents, problem, read } = useContents(session.channel_id)
  const [sid, setSid] = useState('')
  const usable = contents?.filter((one) => !isOnlyWay || one.approved !== false) ?? []
  const chosen = usable.find((one) => one.sid === sid) ?? usable[0]
  const box = useRef<HTMLElement>(null)
  const isRead = contents !== null || problem !== ''
  // The button that was pressed is gone: the first thing that can be done here takes its place.
  useEffect(() => {
    if (isRead) box.current?.querySelector<HTMLElement>('select, button')?.focus()
  }, [isRead])
  return (
    <section
      ref={box}
      className="composer contents"
      aria-label="WhatsApp templates"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        onDone()
      }}
    >
      <div className="composer__box">
        {problem !== '' ? (
          <p className="contents__say" role="alert">
            {problem}
          </p>
        ) : contents === null ? (
          <p className="contents__say ink2" role="status">
            Asking Twilio for your templates
          </p>
        ) : !chosen ? (
          <p className="contents__say">
            {contents.length === 0
              ? 'There are no templates in your Twilio account. They are written at Twilio, under Content Template Builder.'
              : 'None of your templates has been approved by WhatsApp yet.'}
          </p>
        ) : (
          <Filling key={chosen.sid} content={chosen} session={session} onDone={onDone}>
            <Select label="Template" value={chosen.sid} onChange={(event) => setSid(event.target.value)}>
              {contents.map((one) => (
                <option key={one.sid} value={one.sid} disabled={!usable.includes(one)}>
                  {one.name}, {one.language}
                  {one.approved === false ? ', not approved' : ''}
                </option>
              ))}
            </Select>
          </Filling>
        )}
        {!chosen && (
          <div className="contents__acts">
            <Button look="bare" onClick={onDone}>
              Cancel
            </Button>
            {isRead && <Button onClick={read}>Look again</Button>}
          </div>
        )}
      </div>
    </section>
  )
}

interface FillingProps {
  content: ContentView
  session: SessionView
  onDone: () => void
  children: React.ReactNode
}

function Filling({ content, session, onDone, children }: FillingProps) {
  const { transcripts } = useConsole()
  const [values, setValues] = useState<Record<string, string>>({})
  const isWhole = content.variables.every(({ name }) => (values[name] ?? '').trim() !== '')
  const send = () => {
    if (!isWhole) return
    const variables = Object.fromEntries(
      content.variables.map(({ name }) => [name, (values[name] ?? '').trim()]),
    )
    void transcripts.send(session._id, filled(content.body, variables), 'whatsapp', undefined, [], {
      sid: content.sid,
      variables,
    })
    onDone()
  }
  return (
    <form
      className="contents__form"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <div className="contents__fields">
        {children}
        {content.variables.map(({ name, example }) => (
          <Field
            key={name}
            label={labelOf(name)}
            placeholder={example === '' ? undefined : `e.g. ${example}`}
            value={values[name] ?? ''}
            maxLength={1000}
            dir="auto"
            onChange={(event) => setValues({ ...values, [name]: event.target.value })}
          />
        ))}
      </div>
      <figure className="contents__preview" aria-label="Preview">
        <div className="bubble" dir="auto">
          {partsOf(content.body).map((part, at) =>
            typeof part === 'string' ? (
              part
            ) : values[part.name] ? (
              values[part.name]
            ) : (
              <mark key={at} className="contents__open">
                {labelOf(part.name)}
              </mark>
            ),
          )}
        </div>
      </figure>
      <div className="contents__acts">
        <span className="meta grow">{isWhole ? '' : 'Fill in every field; they may not be left empty.'}</span>
        <Button look="bare" onClick={onDone}>
          Cancel
        </Button>
        <Button type="submit" look="primary" disabled={!isWhole}>
          <span>Send template</span>
          <Icon name="send" />
        </Button>
      </div>
    </form>
  )
}

/** Many templates number their variables. */
const labelOf = (name: string): string => (/^\d+$/.test(name) ? `Field ${name}` : name)

function useContents(channel_id: string) {
  const console = useConsole()
  const [contents, setContents] = useState<readonly ContentView[] | null>(null)
  const [problem, setProblem] = useState('')
  const [asked, setAsked] = useState(0)
  useEffect(() => {
    let isGone = false
    void console.ask('content.list', { channel_id }).then((result) => {
      if (isGone) return
      if (result.ok) setContents(result.value)
      else setProblem(result.error.message)
    })
    return () => {
      isGone = true
    }
  }, [console, channel_id, asked])
  const read = () => {
    setContents(null)
    setProblem('')
    setAsked(asked + 1)
  }
  return { contents, problem, read }
}
