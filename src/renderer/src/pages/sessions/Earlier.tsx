import { useEffect } from 'react'
import { LinkButton } from '../../parts/Button.tsx'
import { lastWords } from '../../calls.ts'
import { useConsole } from '../../state/app.ts'
import { useEntry } from '../../state/cell.ts'
import { useMinute } from '../../state/worldClock.ts'
import { ms, plural, span } from '../../words.ts'

/** The session before, folded to one line; pressing it unfolds it here. */
export function Earlier({ id, onShow }: { id: string; onShow: (id: string) => void }) {
  const console = useConsole()
  const session = useEntry(console.sessions, id)
  const now = useMinute(console.clock)
  useEffect(() => void console.fetch(id), [console, id])
  if (!session) return <li className="earlier">&nbsp;</li>
  const { metadata, last_message_at, message_count } = session
  const { words, isSaid } = lastWords(session)
  return (
    <li className="earlier">
      <LinkButton className="n nowrap" onClick={() => onShow(id)}>
        <span className="sr">Show earlier: </span>
        {span(ms(metadata.firstMessageAt), ms(last_message_at), now)}
      </LinkButton>
      <span className="cut n" dir="auto">
        {plural(message_count, 'message')} · {isSaid ? `“${words}”` : words}
      </span>
    </li>
  )
}
