import type { MediaItem } from '../../../../shared/documents.ts'
import { Icon } from '../../parts/Icon.tsx'
import { playTime } from '../../words.ts'
import { Player } from './Player.tsx'

const KINDS: readonly (readonly [prefix: string, words: string])[] = [
  ['image/', 'Photo'],
  ['video/', 'Video'],
  ['audio/', 'Sound'],
  ['text/vcard', 'Contact card'],
  ['text/x-vcard', 'Contact card'],
  ['application/pdf', 'PDF'],
]
const kindOf = (type: string) => KINDS.find(([prefix]) => type.startsWith(prefix))?.[1] ?? 'File'

/** Only what the console keeps itself can be shown: Twilio's addresses need the account. */
const isHere = (url: string) => url.startsWith('app://media/') || url.startsWith('/media/')

/** What came with a message: itself once it was downloaded, until then a tile of its own size that says what it is. */
export function Media({ item }: { item: MediaItem }) {
  const kind = kindOf(item.content_type)
  if (isHere(item.url) && kind === 'Photo')
    return <img className="thumb" src={item.url} alt="Photo from the message" />
  if (isHere(item.url) && kind === 'Sound')
    return <Player url={item.url} length={item.duration_s ?? 0} label={kind} />
  return (
    <div className="thumb">
      <Icon name={kind === 'Photo' ? 'image' : 'note'} size={20} />
      <span className="thumb__words">
        <strong>{kind}</strong>, kept at Twilio until going live downloads it
      </span>
    </div>
  )
}

interface VoicemailProps {
  item: MediaItem
  words: string
  state: string | undefined
}

/** Player and transcript are one message; without the sound its length stands in the player's place. */
export function Voicemail({ item, words, state }: VoicemailProps) {
  const length = item.duration_s ?? 0
  return (
    <div className="bubble voicemail">
      {isHere(item.url) ? (
        <Player url={item.url} length={length} label={`voicemail, ${length} seconds`} />
      ) : (
        <p className="voicemail__head">
          <Icon name="voice" />
          <strong>Voicemail</strong>
          <span className="meta n">{playTime(length)}</span>
          <span className="meta cut">sound kept at Twilio until going live</span>
        </p>
      )}
      <p className="words" dir="auto">
        {words !== ''
          ? `“${words}”`
          : state === 'failed'
            ? 'Twilio could not write this one down.'
            : 'The transcript is on its way.'}
      </p>
    </div>
  )
}
