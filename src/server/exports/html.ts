import type { Message, Session } from '../../shared/documents.ts'

/** One page that needs nothing else, to be read or printed anywhere, years later and with the network off. */
export function* page(sessions: readonly SessionWithMessages[], made: Date): Generator<string> {
  const count = sessions.reduce((sum, { messages }) => sum + messages.length, 0)
  yield `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Conversations, ${made.toISOString().slice(0, 10)}</title>
<style>${STYLE}</style>
<h1>Conversations</h1>
<p>${String(sessions.length)} sessions, ${String(count)} messages. Written by Switchboard on ${time(made.toISOString())}; times are UTC.</p>
`
  for (const one of sessions) yield* sectionOf(one)
}

export interface SessionWithMessages {
  session: Session & { channel_number: string }
  /** Oldest first. */
  messages: readonly Message[]
}

function* sectionOf({ session, messages }: SessionWithMessages): Generator<string> {
  const { title, channel_number, metadata, last_message_at, status } = session
  yield `<section>
<h2>${escaped(title)}</h2>
<p>To ${escaped(channel_number)}, ${time(metadata.firstMessageAt)} to ${time(last_message_at)}${status === 'closed' ? ', closed' : ''}</p>
<ol>
`
  for (const message of messages) yield rowOf(message)
  yield '</ol>\n</section>\n'
}

const WHO = { contact: 'Contact', operator: 'You', ai: 'Automatic', system: 'System' } as const

function rowOf({ createdAt, sender, content, status, error_code, media }: Message): string {
  const files = media.map(({ content_type }) => `<i>[file: ${escaped(content_type)}]</i>`).join(' ')
  const end =
    sender === 'contact'
      ? ''
      : `, ${escaped(status)}${error_code === undefined ? '' : ` ${String(error_code)}`}`
  return `<li class="${sender === 'contact' ? 'in' : 'out'}"><b>${WHO[sender]}</b> <time>${time(createdAt)}</time>${end}<p dir="auto">${escaped(content)} ${files}</p></li>
`
}

/** "2025-01-15 10:04:30" */
const time = (iso: string): string => escaped(iso.slice(0, 19).replace('T', ' '))

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (text: string): string => text.replace(/[&<>"']/g, (found) => ESCAPES[found] ?? found)

const STYLE = `
body{font:15px/1.5 system-ui,sans-serif;max-width:46em;margin:2em auto;padding:0 1em;color:#1b1a18;background:#fff}
h1{font-size:20px}h2{font-size:16px;margin:2em 0 0}section>p,time{color:#5d5b57;font-size:13px}
ol{list-style:none;padding:0}li{margin:.75em 0;break-inside:avoid}li p{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}
.out{padding-left:3em}
@media (prefers-color-scheme:dark){body{color:#e8e6e1;background:#1b1c1e}section>p,time{color:#a3a09a}}
`
