import { useState } from 'react'
import { Button, LinkButton } from '../../../parts/Button.tsx'
import { useConsole } from '../../../state/app.ts'

/** What would help whoever answers next. */
export function ContactNotes({ number, notes }: { number: string; notes: string }) {
  const console = useConsole()
  const [text, setText] = useState<string | null>(null)
  const save = () => {
    if (text !== null && text.trim() !== notes)
      void console.act('contacts.save', { number, notes: text.trim() })
    setText(null)
  }
  return (
    <section>
      <div className="side__h">
        <h3>Notes</h3>
        {text === null && (
          <LinkButton onClick={() => setText(notes)}>{notes === '' ? 'Add a note' : 'Edit'}</LinkButton>
        )}
      </div>
      {text === null ? (
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
            value={text}
            ref={(field) => field?.focus()}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape') setText(null)
              else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save()
              else return
              event.stopPropagation()
            }}
          />
          <div className="side__acts">
            <Button onClick={save}>Save</Button>
            <Button look="bare" onClick={() => setText(null)}>
              Cancel
            </Button>
          </div>
        </>
      )}
    </section>
  )
}
