import { useState } from 'react'
import type { Template } from '../../../../shared/contract.ts'
import { Button, IconButton } from '../../parts/Button.tsx'
import { Empty } from '../../parts/Empty.tsx'
import { Field } from '../../parts/Field.tsx'
import { useConsole } from '../../state/app.ts'
import { useCell } from '../../state/cell.ts'
import { useAsk } from '../../state/useAsk.ts'
import { Section } from './Parts.tsx'
import { useKeep } from './useSettings.ts'

/** Answers written once: `/` in the composer offers them. */
export function Templates() {
  const templates = useCell(useConsole().templates)
  const keep = useKeep()
  /** As it was when its editing began; null for one that is not there yet. */
  const [editing, setEditing] = useState<Template | null>()
  const [problem, setProblem] = useState<string | null>(null)
  const remove = async (id: string) => setProblem(await keep('templates.remove', { id }))
  // Removed elsewhere it stays here until what is being written is done.
  const gone = editing && !templates.some(({ _id }) => _id === editing._id) ? [editing] : []
  const shown = [...templates, ...gone]
  // Cancelled while it was being saved, another may be open by then.
  const done = () => setEditing((now) => (now === editing ? undefined : now))
  return (
    <Section
      id="templates"
      title="Templates"
      lead={
        <>
          Answers you write often. In a message, <kbd>/</kbd> at the beginning offers them.
        </>
      }
    >
      {shown.length === 0 && editing === undefined && (
        <div className="set__box">
          <Empty
            title="No templates yet"
            action={<Button onClick={() => setEditing(null)}>Write the first</Button>}
          >
            Your opening hours, say, or how to find you.
          </Empty>
        </div>
      )}
      <ul>
        {shown.map((template) =>
          editing?._id === template._id ? (
            <li key={template._id}>
              <Form template={template} isGone={gone.length > 0} onDone={done} />
            </li>
          ) : (
            <li key={template._id} className="line">
              <div className="line__words">
                <h3>
                  <bdi>{template.name}</bdi>
                </h3>
                <p dir="auto" className="set__body">
                  {template.body}
                </p>
              </div>
              <div className="line__control">
                <IconButton
                  icon="pencil"
                  label={`Edit ${template.name}`}
                  onClick={() => setEditing(template)}
                />
                <IconButton
                  icon="x"
                  label={`Remove ${template.name}`}
                  onClick={() => void remove(template._id)}
                />
              </div>
            </li>
          ),
        )}
      </ul>
      {problem !== null && (
        <p className="dangerc" role="alert">
          Not removed. {problem}
        </p>
      )}
      {editing === null && <Form template={null} onDone={done} />}
      {editing === undefined && shown.length > 0 && (
        <Button icon="plus" className="set__add" onClick={() => setEditing(null)}>
          Add a template
        </Button>
      )}
    </Section>
  )
}

const OVERTAKEN = 'That can no longer be undone: the template was changed since.'

const wordsOf = ({ name, body }: Template) => ({ name, body })

interface FormProps {
  template: Template | null
  /** Somebody removed it while it was being changed. */
  isGone?: boolean
  onDone: () => void
}

function Form({ template, isGone = false, onDone }: FormProps) {
  const console = useConsole()
  const [name, setName] = useState(template?.name ?? '')
  const [body, setBody] = useState(template?.body ?? '')
  const { busy, problem, run } = useAsk()
  /** What is changed; else one is added, with the words of one that is gone too. */
  const known = isGone ? null : template
  /** What the change began from, or what it was when that was refused: another window's is not written over unasked. */
  const [from, setFrom] = useState(template)

  const read = async () => {
    const list = await console.ask('templates.list', {})
    if (list.ok) console.templates.set(list.value)
  }
  const back =
    ({ _id, ...words }: Template) =>
    async () => {
      const result =
        known && from
          ? await console.ask('templates.save', { id: _id, ...wordsOf(from), from: words })
          : await console.ask('templates.remove', { id: _id })
      if (!result.ok)
        console.toasts.fail(result.error.code === 'setting_changed' ? OVERTAKEN : result.error.message)
      await read()
    }
  /** Answers with what is wrong, in words; null once it is saved. */
  const save = async (): Promise<string | null> => {
    const words = { name: name.trim(), body: body.trim() }
    if (words.name === '') return 'A template needs a name.'
    if (words.body === '') return 'A template needs a text.'
    const result = await console.ask(
      'templates.save',
      known && from ? { id: known._id, ...words, from: wordsOf(from) } : words,
    )
    const isOvertaken = !result.ok && result.error.code === 'setting_changed'
    if (result.ok || isOvertaken) await read()
    if (isOvertaken) setFrom(console.templates.get().find(({ _id }) => _id === known?._id) ?? from)
    if (!result.ok) return result.error.message
    const undo = back(result.value)
    console.toasts.say(known ? 'Template changed' : 'Template added', () => void undo())
    onDone()
    return null
  }
  return (
    <form
      className="set__form"
      onSubmit={(event) => {
        event.preventDefault()
        void run(save)
      }}
      onKeyDown={(event) => event.key === 'Escape' && onDone()}
    >
      <Field
        label="Name"
        maxLength={60}
        dir="auto"
        autoFocus
        readOnly={busy}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <label className="labelled">
        <span className="label">Text</span>
        <textarea
          className="field"
          rows={4}
          maxLength={10_000}
          dir="auto"
          readOnly={busy}
          value={body}
          onChange={(event) => setBody(event.target.value)}
        />
      </label>
      {isGone && (
        <p role="status">This template was removed elsewhere meanwhile. Saved, it is added again.</p>
      )}
      {problem !== null && (
        <p className="dangerc" role="alert">
          {problem}
        </p>
      )}
      <div className="set__acts">
        <Button type="submit" busy={busy}>
          Save
        </Button>
        <Button look="bare" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  )
}
