import { useEffect, useRef, useState } from 'react'
import { IconButton } from '../../../parts/Button.tsx'
import { formatNumber } from '../../../parts/phoneNumber.ts'
import { useFocusBack } from '../../../parts/focusBack.ts'
import { useConsole } from '../../../state/app.ts'
import { rename } from '../../../state/acts.ts'
import { useCell } from '../../../state/cell.ts'

/** The contact's name; the pencil, or "Rename contact" anywhere, makes it a field. Enter keeps it, Esc does not. */
export function ContactName({ number, name }: { number: string; name: string }) {
  const { renaming } = useConsole()
  const editing = useCell(renaming) === number
  const pencil = useFocusBack<HTMLButtonElement>(editing)
  if (editing) return <NameField number={number} name={name} />
  return (
    <div className="side__name">
      <h2 className="grow">
        <bdi>{name || formatNumber(number)}</bdi>
      </h2>
      <IconButton ref={pencil} icon="pencil" label="Rename" onClick={() => renaming.set(number)} />
    </div>
  )
}

function NameField({ number, name }: { number: string; name: string }) {
  const console = useConsole()
  const [text, setText] = useState(name)
  const box = useRef<HTMLInputElement>(null)
  useEffect(() => {
    box.current?.focus()
    box.current?.select()
  }, [])
  const done = (keep: boolean) => {
    if (console.renaming.get() !== number) return
    console.renaming.set(null)
    if (keep && text.trim() !== name) void rename(console, number, text.trim())
  }
  return (
    <div className="side__name">
      <input
        className="field"
        ref={box}
        value={text}
        maxLength={200}
        dir="auto"
        aria-label="Name of the contact"
        placeholder={formatNumber(number)}
        onChange={(event) => setText(event.target.value)}
        onBlur={() => done(true)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return
          if (event.key === 'Enter') done(true)
          else if (event.key === 'Escape') done(false)
          else return
          event.preventDefault()
          event.stopPropagation()
        }}
      />
    </div>
  )
}
