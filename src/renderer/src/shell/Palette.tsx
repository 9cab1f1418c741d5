import type { KeyboardEvent } from 'react'
import { useEffect, useId, useRef, useState } from 'react'
import { Dialog } from '../parts/Dialog.tsx'
import { Icon } from '../parts/Icon.tsx'
import { useApp, useConsole } from '../state/app.ts'
import { usePaletteEntries, type PaletteEntry } from './paletteEntries.ts'
import './palette.css'

interface PaletteProps {
  onClose: () => void
  onShortcuts: () => void
}

/** Ctrl K: contacts' sessions by name or number, and everything that can be done. */
export function Palette({ onClose, onShortcuts }: PaletteProps) {
  const [words, setWords] = useState('')
  const [chosen, setChosen] = useState(0)
  /** Enter came before what fits these words. */
  const [isAwaited, setAwaited] = useState(false)
  const { groups, isCurrent } = usePaletteEntries(useApp(), useConsole(), words, onShortcuts)
  const list = useRef<HTMLDivElement>(null)
  const id = useId()
  const entries = groups.flatMap((group) => group.entries)
  const at = Math.min(chosen, entries.length - 1)

  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }, [at])

  const run = (entry: PaletteEntry | undefined) => {
    if (!entry) return
    onClose()
    entry.run()
  }
  useEffect(() => {
    if (isAwaited && isCurrent) run(entries[at])
  })
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'ArrowDown') setChosen((at + 1) % Math.max(entries.length, 1))
    else if (event.key === 'ArrowUp') setChosen((at - 1 + entries.length) % Math.max(entries.length, 1))
    else if (event.key === 'Enter') {
      // What stands there was for other words; only what was gone to by the arrows is meant for sure.
      if (isCurrent || chosen > 0) run(entries[at])
      else setAwaited(true)
    } else return
    event.preventDefault()
  }

  return (
    <Dialog label="Find or run a command" onClose={onClose} className="palette">
      <input
        role="combobox"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={entries[at] ? `${id}-${entries[at].key}` : undefined}
        aria-label="Find or run a command"
        placeholder="A name, a number, or what to do"
        value={words}
        dir="auto"
        onChange={(event) => {
          setWords(event.target.value)
          setChosen(0)
          setAwaited(false)
        }}
        onKeyDown={onKeyDown}
      />
      <div className="palette__list scroll" id={`${id}-list`} role="listbox" aria-label="Results" ref={list}>
        {groups.map((group) => (
          <div key={group.title} role="group" aria-labelledby={`${id}-${group.title}`}>
            <p className="label" id={`${id}-${group.title}`}>
              {group.title}
            </p>
            {group.entries.map((entry) => (
              <div
                key={entry.key}
                id={`${id}-${entry.key}`}
                className="palette__entry"
                role="option"
                aria-selected={entries[at] === entry}
                onClick={() => run(entry)}
              >
                <Icon name={entry.icon} className={entry.hue} label={entry.iconLabel} />
                <bdi className={entry.about ? 'palette__name cut' : 'grow cut'}>
                  <Marked text={entry.words} words={words} />
                </bdi>
                {entry.about && (
                  <span className="grow cut meta" dir="auto">
                    {entry.about}
                  </span>
                )}
                {entry.hint && <span className="meta n">{entry.hint}</span>}
                {entry.keys && <kbd>{entry.keys}</kbd>}
              </div>
            ))}
          </div>
        ))}
        {entries.length === 0 && (
          <p className="palette__none">
            Nothing for “{words}” in names, numbers, tags and notes, nor among what can be done. What people
            wrote is not looked through.
          </p>
        )}
      </div>
    </Dialog>
  )
}

/** The part of a name that was typed, marked. */
function Marked({ text, words }: { text: string; words: string }) {
  const at = words === '' ? -1 : text.toLowerCase().indexOf(words.toLowerCase())
  if (at === -1) return text
  return (
    <>
      {text.slice(0, at)}
      <mark>{text.slice(at, at + words.length)}</mark>
      {text.slice(at + words.length)}
    </>
  )
}
