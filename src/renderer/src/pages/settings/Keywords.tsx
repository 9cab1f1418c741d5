import type { SubmitEvent } from 'react'
import { useState } from 'react'
import { Button, IconButton } from '../../parts/Button.tsx'
import { Field } from '../../parts/Field.tsx'
import { Line } from './Parts.tsx'
import { isKeywords, type Keyword } from './answerShapes.ts'
import { useSetting } from './useSettings.ts'

/** Words in a message, and what is said to them. */
export function Keywords({ value }: { value: unknown }) {
  const { error, set } = useSetting('replies.keywords')
  const [editing, setEditing] = useState<number | null>(null)
  const rules = isKeywords(value) ? value : []
  const save = async (at: number, rule: Keyword) => {
    if (await set(at < rules.length ? rules.with(at, rule) : [...rules, rule])) setEditing(null)
  }
  return (
    <div className="line line--stacked">
      <Line
        title="Keywords"
        about="When a message has one of the words, its answer is said. The first rule that fits counts."
        error={error}
      >
        {editing === null && (
          <Button icon="plus" onClick={() => setEditing(rules.length)}>
            Add a rule
          </Button>
        )}
      </Line>
      <ol className="rules">
        {rules.map((rule, at) =>
          editing === at ? (
            <li key={at}>
              <Form rule={rule} onSave={(next) => void save(at, next)} onCancel={() => setEditing(null)} />
            </li>
          ) : (
            <li key={at} className="rule">
              <p className="rule__words" dir="auto">
                {rule.words.join(', ')}
              </p>
              <p className="rule__answer ink2" dir="auto">
                {rule.answer}
              </p>
              <IconButton
                icon="pencil"
                label={`Edit the rule ${rule.words[0] ?? ''}`}
                onClick={() => setEditing(at)}
              />
              <IconButton
                icon="x"
                label={`Remove the rule ${rule.words[0] ?? ''}`}
                onClick={() => void set(rules.toSpliced(at, 1))}
              />
            </li>
          ),
        )}
      </ol>
      {editing === rules.length && (
        <Form
          rule={null}
          onSave={(next) => void save(rules.length, next)}
          onCancel={() => setEditing(null)}
        />
      )}
    </div>
  )
}

interface FormProps {
  rule: Keyword | null
  onSave: (rule: Keyword) => void
  onCancel: () => void
}

function Form({ rule, onSave, onCancel }: FormProps) {
  const [words, setWords] = useState(rule?.words.join(', ') ?? '')
  const [answer, setAnswer] = useState(rule?.answer ?? '')
  const [problem, setProblem] = useState<string>()
  const save = (event: SubmitEvent) => {
    event.preventDefault()
    const list = [...new Set(words.split(',').map((word) => word.trim()))].filter(Boolean)
    if (list.length === 0) setProblem('At least one word.')
    else if (answer.trim() === '') setProblem('An answer is needed.')
    else onSave({ words: list, answer: answer.trim() })
  }
  return (
    <form className="set__form" onSubmit={save} onKeyDown={(event) => event.key === 'Escape' && onCancel()}>
      <Field
        label="Words, with commas between"
        dir="auto"
        autoFocus
        value={words}
        onChange={(event) => setWords(event.target.value)}
      />
      <label className="labelled">
        <span className="label">Answer</span>
        <textarea
          className="field"
          rows={3}
          maxLength={1600}
          dir="auto"
          value={answer}
          onChange={(event) => setAnswer(event.target.value)}
        />
      </label>
      {problem !== undefined && (
        <p className="dangerc" role="alert">
          {problem}
        </p>
      )}
      <div className="set__acts">
        <Button type="submit">Save</Button>
        <Button look="bare" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  )
}
