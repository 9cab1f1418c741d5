import { useState } from 'react'
import { MOST_TAGS } from '../../../../../shared/contract.ts'
import { LinkButton } from '../../../parts/Button.tsx'
import { Icon } from '../../../parts/Icon.tsx'
import { useConsole } from '../../../state/app.ts'

/** Words the operators put on a contact. */
export function ContactTags({ number, tags }: { number: string; tags: readonly string[] }) {
  const console = useConsole()
  const [adding, setAdding] = useState(false)
  const save = (next: readonly string[]) => void console.act('contacts.save', { number, tags: [...next] })
  const add = (text: string) => {
    setAdding(false)
    const tag = text.trim().slice(0, 60)
    if (tag !== '' && !tags.includes(tag)) save([...tags, tag])
  }
  return (
    <ul className="tags" aria-label="Tags">
      {tags.map((tag) => (
        <li key={tag} className="pill tag">
          <bdi className="cut">{tag}</bdi>
          <button
            type="button"
            aria-label={`Remove the tag ${tag}`}
            onClick={() => save(tags.filter((other) => other !== tag))}
          >
            <Icon name="x" size={12} />
          </button>
        </li>
      ))}
      <li>
        {adding ? (
          <input
            className="field tag__field"
            aria-label="New tag"
            placeholder="New tag"
            maxLength={60}
            dir="auto"
            ref={(field) => field?.focus()}
            onBlur={(event) => add(event.target.value)}
            onKeyDown={(event) => {
              if (event.nativeEvent.isComposing) return
              if (event.key === 'Enter') add(event.currentTarget.value)
              else if (event.key === 'Escape') setAdding(false)
              else return
              event.preventDefault()
              event.stopPropagation()
            }}
          />
        ) : tags.length >= MOST_TAGS ? (
          <span className="ink3">{MOST_TAGS} tags are the most.</span>
        ) : (
          <LinkButton className="tag__add" onClick={() => setAdding(true)}>
            Add tag
          </LinkButton>
        )}
      </li>
    </ul>
  )
}
