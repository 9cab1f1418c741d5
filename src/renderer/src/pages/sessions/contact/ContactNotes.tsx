import { useState } from 'react'
import { Button, LinkButton } from '../../../parts/Button.tsx'
import { useFocusBack } from '../../../parts/focusBack.ts'
import { useConsole } from '../../../state/app.ts'
import { useEntry } from '../../../state/cell.ts'

/** What is being written, and the note it began from: another window may change that meanwhile. */
interface Edit {
  text: string
  from: string
}

/** What would help whoever answers next. */
export function ContactNotes({ number, notes }: { number: string; notes: string }) {
  const console = useConsole()
  const kept = useEntry(console.notes.texts, number)
  const edit = kept === undefined ? null : readEdit(kept)
  const setEdit = (next: Edit | null) => console.notes.set(number, next ? JSON.stringify(next) : '')
  // One that was left half written stands there again, and takes no focus.
  const [isPressed, setPressed] = useState(false)
  const [isOther, setOther] = useState(false)
  const [isSaving, setSaving] = useState(false)
  const button = useFocusBack<HTMLButtonElement>(edit !== null)
  const close = () => {
    setEdit(null)
    setOther(false)
  }
  /** `from`: the note that may be written over; pressed twice it is saved once. */
  const save = async (from: string) => {
    if (isSaving) return
    const text = edit?.text.trim()
    if (text === undefined || text === notes) return close()
    setSaving(true)
    const result = await console.ask('contacts.save', { number, notes: text, notes_from: from })
    setSaving(false)
    if (result.ok) {
      const { done, undo } = result.value
      console.toasts.say(done, () => void console.undo(undo))
      close()
    } else if (result.error.code === 'note_changed') setOther(true)
    else console.toasts.fail(result.error.message)
  }
  return (
    <section>
      <div className="side__h">
        <h3>Notes</h3>
        {edit === null && (
          <LinkButton
            ref={button}
            onClick={() => {
              setPressed(true)
              setEdit({ text: notes, from: notes })
            }}
          >
            {notes === '' ? 'Add a note' : 'Edit'}
          </LinkButton>
        )}
      </div>
      {edit === null ? (
        <p className={`side__notes ${notes === '' ? 'ink3' : 'ink2'}`} dir="auto">
          {notes || 'Nothing yet. What would help whoever answers next?'}
        </p>
      ) : (
        <>
          <textarea
            className="field"
            aria-label="Notes"
            rows={4}
            maxLength={10_000}
            dir="auto"
            value={edit.text}
            ref={isPressed ? focused : undefined}
            onChange={(event) => setEdit({ ...edit, text: event.target.value })}
            onKeyDown={(event) => {
              if (event.key === 'Escape') close()
              else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void save(edit.from)
              else return
              event.stopPropagation()
            }}
          />
          {isOther ? (
            <div role="alert">
              <p className="side__notes">
                This note was changed elsewhere while you wrote{notes === '' ? ': it is empty now.' : ':'}
              </p>
              {notes !== '' && (
                <p className="side__notes ink2" dir="auto">
                  {notes}
                </p>
              )}
              <div className="side__acts">
                <Button disabled={isSaving} onClick={() => void save(notes)}>
                  Keep mine
                </Button>
                <Button look="bare" onClick={close}>
                  Take the other
                </Button>
              </div>
            </div>
          ) : (
            <div className="side__acts">
              <Button disabled={isSaving} onClick={() => void save(edit.from)}>
                Save
              </Button>
              <Button look="bare" onClick={close}>
                Cancel
              </Button>
            </div>
          )}
        </>
      )}
    </section>
  )
}

/** What was kept of an edit; what this page did not write is none. */
function readEdit(kept: string): Edit | null {
  try {
    const { text, from } = JSON.parse(kept) as Partial<Edit>
    return typeof text === 'string' && typeof from === 'string' ? { text, from } : null
  } catch {
    return null
  }
}

const focused = (field: HTMLTextAreaElement | null) => field?.focus()
