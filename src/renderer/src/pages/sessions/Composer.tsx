import type { KeyboardEvent, RefObject } from 'react'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { SessionView } from '../../../../shared/contract.ts'
import type { Medium } from '../../../../shared/documents.ts'
import { Button, IconButton } from '../../parts/Button.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { keepFocusIn } from '../../parts/focusBack.ts'
import { formatNumber } from '../../parts/phoneNumber.ts'
import { useConsole } from '../../state/app.ts'
import { useCell, useEntry } from '../../state/cell.ts'
import { draftKey } from '../../state/drafts.ts'
import { MEDIUM_NAMES } from '../../words.ts'
import { AttachButton, AttachedTiles, CANNOT_ATTACH, useFiles } from './ComposerFiles.tsx'
import { ComposerHint } from './ComposerHint.tsx'
import { ComposerOff } from './ComposerOff.tsx'
import { ContentPicker } from './ContentPicker.tsx'
import { useComposerBar } from './composerBar.ts'
import { pastedFiles } from './pasted.ts'
import { LONGEST } from './segments.ts'
import { Templates, fitting } from './Templates.tsx'
import './composer.css'

/** Where the operator writes; where they may not, the reason and the ways out. */
export function Composer({ session }: { session: SessionView }) {
  /** Another medium to the same number, chosen where this one may not be written in. */
  const [instead, setInstead] = useState<Medium | null>(null)
  /** A template of Twilio's is being chosen and filled in. */
  const [choosing, setChoosing] = useState(false)
  /** The box that gave way had the keyboard. */
  const interruptedRef = useRef(false)
  const bar = useComposerBar(session)
  // The way out is closed too once they say STOP there.
  const by = instead === 'sms' && session.sms_opted_out ? null : instead
  const isWhatsApp = session.communication_type === 'whatsapp' && by === null
  const done = () => {
    const here = () => document.querySelector('#composer, .composer--off .composer__box')
    void keepFocusIn(here, Promise.resolve())
    setChoosing(false)
  }
  if (choosing && isWhatsApp && (bar === null || bar.code === 'window_closed'))
    return <ContentPicker session={session} isOnlyWay={bar !== null} onDone={done} />
  if (bar && by === null)
    return (
      <ComposerOff
        bar={bar}
        session={session}
        interruptedRef={interruptedRef}
        onInstead={setInstead}
        onTemplate={() => setChoosing(true)}
      />
    )
  return (
    <Writing
      session={session}
      medium={by ?? session.communication_type}
      interruptedRef={interruptedRef}
      onBack={by === null ? undefined : () => setInstead(null)}
      onTemplate={isWhatsApp ? () => setChoosing(true) : undefined}
    />
  )
}

interface WritingProps {
  session: SessionView
  medium: Medium
  /** Told whether it had the keyboard when it went. */
  interruptedRef: RefObject<boolean>
  /** Set where this medium was chosen because another may not be written in: back to what may be done there. */
  onBack: (() => void) | undefined
  /** Where templates of Twilio's can be sent. */
  onTemplate: (() => void) | undefined
}

function Writing({ session, medium, interruptedRef, onBack, onTemplate }: WritingProps) {
  const console = useConsole()
  const isInstead = onBack !== undefined
  // Sent by another medium it goes into a session of that one, and what is written next is there already.
  const key = draftKey({ ...session, communication_type: medium })
  const text = useEntry(console.drafts.texts, key) ?? ''
  const templates = useCell(console.templates)
  const [chosen, setChosen] = useState(0)
  const [hidden, setHidden] = useState(false)
  const box = useRef<HTMLTextAreaElement>(null)
  const name = session.contact_name || formatNumber(session.metadata.fromNumber)
  const picking = text.startsWith('/') && !hidden && !text.includes('\n')
  const fit = picking ? fitting(templates, text.slice(1)) : []
  const { attached, adding, mayAttach } = useFiles(key)
  const [refusal, setRefusal] = useState('')
  const [isOver, setOver] = useState(false)
  const isEmpty = text.trim() === '' && attached.length === 0
  const mayNot = isEmpty || adding > 0 || picking || (medium !== 'voice' && text.length > LONGEST)

  useLayoutEffect(
    () => () => {
      interruptedRef.current = document.activeElement?.id === 'composer'
    },
    [interruptedRef],
  )
  useEffect(() => {
    const area = box.current
    if (!area) return
    // As tall as its text, to eight lines; never smaller than two, save in a low window (composer.css).
    area.style.height = 'auto'
    area.style.height = `${Math.min(area.scrollHeight, 172)}px`
  }, [text])
  useEffect(() => {
    if (isInstead) box.current?.focus()
  }, [isInstead])

  const write = (value: string) => {
    console.drafts.set(key, value)
    setHidden(false)
    setChosen(0)
  }
  const attach = (files: readonly File[]) => {
    if (files.length === 0) return
    setRefusal('')
    if (mayAttach) void console.attachments.add(key, medium, files).then(setRefusal)
    else setRefusal(`${CANNOT_ATTACH}.`)
    box.current?.focus()
  }
  const send = () => {
    if (mayNot) return
    console.drafts.set(key, '')
    const files = attached.map(({ file }) => file)
    console.attachments.set(key, [])
    setRefusal('')
    void console.transcripts.send(session._id, text.trim(), medium, undefined, files)
    box.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    // Enter that ends a composition (Japanese, Chinese, Korean) chooses a word, it does not send.
    if (event.nativeEvent.isComposing) return
    const template = fit[chosen]
    if (picking && event.key === 'ArrowDown') setChosen((chosen + 1) % Math.max(fit.length, 1))
    else if (picking && event.key === 'ArrowUp')
      setChosen((chosen - 1 + fit.length) % Math.max(fit.length, 1))
    else if (picking && event.key === 'Escape') setHidden(true)
    else if (picking && template && (event.key === 'Enter' || event.key === 'Tab')) write(template.body)
    else if (event.key === 'Enter' && !event.shiftKey) send()
    else if (event.key === 'Escape') box.current?.blur()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      {picking && <Templates templates={fit} all={templates.length} chosen={chosen} onChoose={write} />}
      <div
        className={`composer__box ${isOver ? 'composer__box--over' : ''}`}
        onDragOver={(event) => {
          if (!event.dataTransfer.types.includes('Files')) return
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          setOver(false)
          if (event.dataTransfer.files.length === 0) return
          event.preventDefault()
          attach([...event.dataTransfer.files])
        }}
      >
        <label className="sr" htmlFor="composer">
          Message to {name}
        </label>
        <textarea
          id="composer"
          ref={box}
          rows={2}
          dir="auto"
          placeholder={`Write to ${name}`}
          value={text}
          aria-autocomplete={picking ? 'list' : undefined}
          aria-controls={picking ? 'templates' : undefined}
          aria-activedescendant={picking && fit[chosen] ? `template-${fit[chosen]._id}` : undefined}
          onChange={(event) => write(event.target.value)}
          onKeyDown={onKeyDown}
          onPaste={(event) => {
            const files = pastedFiles(event.clipboardData)
            if (files.length === 0) return
            event.preventDefault()
            attach(files)
          }}
        />
        <AttachedTiles
          attached={attached}
          adding={adding}
          onRemove={(at) => console.attachments.remove(key, at)}
        />
        {refusal !== '' && (
          <p className="composer__refusal" role="alert">
            {refusal}
          </p>
        )}
        <div className="composer__bar">
          {onBack && (
            <IconButton icon="back" label={`Not by ${MEDIUM_NAMES[medium]} after all`} onClick={onBack} />
          )}
          <AttachButton medium={medium} mayAttach={mayAttach} onFiles={attach} />
          <IconButton
            icon="slash"
            label="Templates, or type a slash"
            disabled={text !== '' && !picking}
            onClick={() => {
              write('/')
              box.current?.focus()
            }}
          />
          {onTemplate && <IconButton icon="note" label="Approved WhatsApp templates" onClick={onTemplate} />}
          <ComposerHint session={session} medium={medium} text={text} />
          <Button type="submit" look="primary" disabled={mayNot}>
            <span>
              Send<span className="not-narrow"> {MEDIUM_NAMES[medium]}</span>
            </span>
            <Icon name="send" />
          </Button>
        </div>
      </div>
    </form>
  )
}
