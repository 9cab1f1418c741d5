import { useEffect, useRef, useState } from 'react'
import { MOST_TAGS } from '../../../../../shared/limits.ts'
import { LinkButton } from '../../../parts/Button.tsx'
import { Icon } from '../../../parts/Icon.tsx'
import { keepFocusIn, useFocusBack } from '../../../parts/focusBack.ts'
import { useConsole } from '../../../state/app.ts'

/** Words the operators put on a contact. */
export function ContactTags({ number, tags }: { number: string; tags: readonly string[] }) {
  const console = useConsole()
  const [adding, setAdding] = useState(false)
  const button = useFocusBack<HTMLButtonElement>(adding)
  // As they will be once all is answered: the next one is written while the last is still on its way.
  const wanted = useRef(tags)
  useEffect(() => {
    wanted.current = tags
  }, [tags])
  const save = (next: readonly string[]) => {
    wanted.current = next
    return console.act('contacts.save', { number, tags: [...next] })
  }
  const add = (text: string) => {
    const tag = text.trim().slice(0, 60)
    const now = wanted.current
    if (now.length >= MOST_TAGS) setAdding(false)
    else if (tag !== '' && !now.some((one) => one.toLowerCase() === tag.toLowerCase()))
      void save([...now, tag])
  }
  return (
    <ul className="tags" aria-label="Tags" tabIndex={-1}>
      {tags.map((tag) => (
        <li key={tag} className="pill tag">
          <bdi className="cut">{tag}</bdi>
          <button
            type="button"
            aria-label={`Remove the tag ${tag}`}
            onClick={(event) => {
              const list = event.currentTarget.closest('ul')
              void keepFocusIn(() => list, save(wanted.current.filter((other) => other !== tag)))
            }}
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
            onBlur={(event) => {
              setAdding(false)
              add(event.target.value)
            }}
            onKeyDown={(event) => {
              if (event.nativeEvent.isComposing) return
              if (event.key === 'Enter') {
                // The field stays for the next one.
                add(event.currentTarget.value)
                event.currentTarget.value = ''
              } else if (event.key === 'Escape') setAdding(false)
              else return
              event.preventDefault()
              event.stopPropagation()
            }}
          />
        ) : tags.length >= MOST_TAGS ? (
          <span className="ink3">{MOST_TAGS} tags are the most.</span>
        ) : (
          <LinkButton ref={button} className="tag__add" onClick={() => setAdding(true)}>
            Add tag
          </LinkButton>
        )}
      </li>
    </ul>
  )
}
