import type { SubmitEvent } from 'react'
import { useState } from 'react'
import { Button, IconButton } from '../../parts/Button.tsx'
import { Field } from '../../parts/Field.tsx'
import { useFocusBack } from '../../parts/focusBack.ts'
import { Line } from './Parts.tsx'
import { isKeywords, type Keyword } from './answerShapes.ts'
import { useSetting } from './useSettings.ts'

/** The rule that is being written; `was`: the kept one it began from, none for a new one. */
interface Editing {
  was: Keyword | null
  words: string
  answer: string
  problem?: string
}

const begin = (was: Keyword | null): Editing => ({
  was,
  words: was?.words.join(', ') ?? '',
  answer: was?.answer ?? '',
})

/** Words in a message, and what is said to them. */
export function Keywords({ value }: { value: unknown }) {
  const { busy, error, set } = useSetting('replies.keywords')
  const [editing, setEditing] = useState<Editing | null>(null)
  const button = useFocusBack<HTMLButtonElement>(editing !== null)
  const rules = isKeywords(value) ? value : []
  // Found by what it says: another window may have put rules before it, or changed it.
  const at = editing?.was ? rules.findIndex((rule) => isSame(rule, editing.was)) : -1
  const save = async () => {
    if (editing === null) return
    const rule = read(editing)
    if (typeof rule === 'string') setEditing({ ...editing, problem: rule })
    else if (editing.was && at < 0) setEditing({ ...editing, was: null, problem: GONE })
    else if (await set(at < 0 ? [...rules, rule] : rules.with(at, rule), rules))
      setEditing((now) => (now === editing ? null : now))
  }
  const form = editing && (
    <Form
      editing={editing}
      busy={busy}
      onChange={(change) => setEditing({ ...editing, ...change })}
      onSave={() => void save()}
      onCancel={() => setEditing(null)}
    />
  )
  return (
    <div className="line line--stacked">
      <Line
        title="Keywords"
        about="When a message has one of the words, its answer is said. The first rule that fits counts."
        error={error}
      >
        {!editing && (
          <Button ref={button} icon="plus" onClick={() => setEditing(begin(null))}>
            Add a rule
          </Button>
        )}
      </Line>
      <ol className="rules">
        {rules.map((rule, place) =>
          place === at ? (
            <li key={place}>{form}</li>
          ) : (
            <li key={place} className="rule">
              <p className="rule__words" dir="auto">
                {rule.words.join(', ')}
              </p>
              <p className="rule__answer ink2" dir="auto">
                {rule.answer}
              </p>
              <IconButton
                icon="pencil"
                label={`Edit the rule ${rule.words[0] ?? ''}`}
                // One change at a time: the next begins from what the one before it made.
                disabled={busy}
                onClick={() => setEditing(begin(rule))}
              />
              <IconButton
                icon="x"
                label={`Remove the rule ${rule.words[0] ?? ''}`}
                disabled={busy}
                onClick={() => void set(rules.toSpliced(place, 1), rules)}
              />
            </li>
          ),
        )}
      </ol>
      {at < 0 && form}
    </div>
  )
}

const GONE =
  'This rule was changed or removed elsewhere while you wrote. Save once more to add yours as a new one, or cancel.'

const isSame = (a: Keyword, b: Keyword | null) => JSON.stringify(a) === JSON.stringify(b)

/** The rule that was written, or what is missing from it. */
function read({ words, answer }: Editing): Keyword | string {
  const list = [...new Set(words.split(',').map((word) => word.trim()))].filter(Boolean)
  if (list.length === 0) return 'At least one word.'
  if (answer.trim() === '') return 'An answer is needed.'
  return { words: list, answer: answer.trim() }
}

interface FormProps {
  editing: Editing
  busy: boolean
  onChange: (change: Partial<Editing>) => void
  onSave: () => void
  onCancel: () => void
}

function Form({ editing: { words, answer, problem }, busy, onChange, onSave, onCancel }: FormProps) {
  const save = (event: SubmitEvent) => {
    event.preventDefault()
    onSave()
  }
  return (
    <form className="set__form" onSubmit={save} onKeyDown={(event) => event.key === 'Escape' && onCancel()}>
      <Field
        label="Words, with commas between"
        dir="auto"
        autoFocus
        readOnly={busy}
        value={words}
        onChange={(event) => onChange({ words: event.target.value })}
      />
      <label className="labelled">
        <span className="label">Answer</span>
        <textarea
          className="field"
          rows={3}
          maxLength={1600}
          dir="auto"
          readOnly={busy}
          value={answer}
          onChange={(event) => onChange({ answer: event.target.value })}
        />
      </label>
      {problem !== undefined && (
        <p className="dangerc" role="alert">
          {problem}
        </p>
      )}
      <div className="set__acts">
        <Button type="submit" busy={busy}>
          Save
        </Button>
        <Button look="bare" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  )
}
