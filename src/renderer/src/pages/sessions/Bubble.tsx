import type { MouseEvent } from 'react'
import { useState } from 'react'
import type { Message } from '../../../../shared/documents.ts'
import { placeOf } from '../../../../shared/words.ts'
import { useConsole } from '../../state/app.ts'
import { voicemailWords } from '../../calls.ts'
import { figure } from '../../words.ts'
import { Media, Voicemail } from './Media.tsx'

/** A text longer than this folds, at the last space before. */
const FOLDS = 1200
const SHOWN = 900

export function Bubble({ message }: { message: Message }) {
  const { media, transcript } = message
  const place = placeOf(message)
  const content = place ? `${place.words}\n${place.url}` : message.content
  const at = media.findIndex((item) => item.recording_sid !== undefined || item.duration_s !== undefined)
  const recording = media[at]
  if (recording)
    return (
      <Voicemail
        item={recording}
        message={message._id}
        index={at}
        words={transcript?.text ?? voicemailWords(content)}
        createdAt={message.createdAt}
        state={transcript?.status}
      />
    )
  return (
    <div className={`bubble ${media.length > 0 ? 'bubble--media' : ''}`} dir="auto">
      {media.length > 0 && (
        <div className={media.length > 1 ? 'bubble__files--many' : undefined}>
          {media.map((item, index) => (
            // Files of a message never change places, and the same one may be there twice.
            <Media key={index} item={item} message={message._id} index={index} />
          ))}
        </div>
      )}
      {content !== '' &&
        (media.length > 0 ? (
          <p dir="auto">
            <Text text={content} />
          </p>
        ) : (
          <Text text={content} />
        ))}
      {content === '' && media.length === 0 && <span className="ink3">(an empty message)</span>}
    </div>
  )
}

function Text({ text }: { text: string }) {
  const [whole, setWhole] = useState(false)
  const long = text.length > FOLDS
  const shown = long && !whole ? `${folded(text)}… ` : text
  return (
    <>
      <Linked text={shown} />
      {long && (
        <>
          {whole && ' '}
          <button type="button" className="more" aria-expanded={whole} onClick={() => setWhole(!whole)}>
            {whole ? 'Show less' : `Show all, ${figure(text.length)} characters`}
          </button>
        </>
      )}
    </>
  )
}

function folded(text: string): string {
  const cut = text.slice(0, SHOWN)
  const space = cut.lastIndexOf(' ')
  if (space > SHOWN / 2) return cut.slice(0, space)
  // Never through the middle of a character that takes two places.
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut
}

const LINK = /(https:\/\/[^\s<>"]+[^\s<>".,;:!?)\]])/

/** Addresses in a text open outside the console, after the console has checked them. */
function Linked({ text }: { text: string }) {
  const console = useConsole()
  const open = (event: MouseEvent<HTMLAnchorElement>) => {
    event.preventDefault()
    void console.ask('app.open_link', { url: event.currentTarget.href }).then((result) => {
      if (!result.ok) console.toasts.fail(result.error.message)
    })
  }
  return text.split(LINK).map((part, at) =>
    at % 2 === 0 ? (
      part
    ) : (
      <a key={at} href={part} onClick={open} rel="noreferrer" target="_blank">
        {part}
      </a>
    ),
  )
}
