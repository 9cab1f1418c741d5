import { useState } from 'react'
import type { MediaFile, MediaItem } from '../../../../shared/documents.ts'
import { kindOf } from '../../../../shared/media.ts'
import { LinkButton } from '../../parts/Button.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { useConsole } from '../../state/app.ts'
import { useCell } from '../../state/cell.ts'
import { fileUrl } from '../../state/files.ts'
import { useMinute } from '../../state/worldClock.ts'
import { HOUR, ms, playTime } from '../../words.ts'
import { FileTile } from './FileTile.tsx'
import { PictureView } from './PictureView.tsx'
import { Player } from './Player.tsx'
import './media.css'

interface MediaProps {
  item: MediaItem
  /** The message it came with, and its place there. */
  message: string
  index: number
}

/** What came with a message: itself once it is here, until then a tile of its own that says how it stands. */
export function Media({ item, message, index }: MediaProps) {
  const { file } = item
  if (!file) return <NotHere item={item} message={message} index={index} />
  const kind = kindOf(file.content_type)
  if (kind === 'Photo') return <Picture file={file} />
  if (kind === 'Sound')
    return <Player url={fileUrl(file)} length={item.duration_s ?? 0} label={kind.toLowerCase()} />
  if (kind === 'Video')
    return (
      <video
        className="clip"
        src={fileUrl(file)}
        controls
        preload="metadata"
        aria-label="Video from the message"
      />
    )
  return <FileTile file={file} />
}

/** Its tile has one size whatever the picture's, so that nothing moves when it comes; a press shows it whole. */
function Picture({ file }: { file: MediaFile }) {
  const [isOpen, setOpen] = useState(false)
  const [isBroken, setBroken] = useState(false)
  // Some pictures a page can't show (HEIC from an iPhone): those are saved.
  if (isBroken) return <FileTile file={file} />
  return (
    <>
      <button
        type="button"
        className="snapshot"
        aria-label="Show the photo larger"
        onClick={() => setOpen(true)}
      >
        <img
          src={fileUrl(file)}
          alt="Photo from the message"
          loading="lazy"
          decoding="async"
          width={file.width}
          height={file.height}
          onError={() => setBroken(true)}
        />
      </button>
      {isOpen && <PictureView file={file} onClose={() => setOpen(false)} />}
    </>
  )
}

function NotHere({ item, message, index }: MediaProps) {
  const kind = kindOf(item.content_type)
  return (
    <div className="thumb">
      <Icon name={item.problem === undefined ? (kind === 'Photo' ? 'image' : 'note') : 'alert'} size={20} />
      <span className="thumb__words">
        <strong>{kind}</strong>
        <Standing item={item} message={message} index={index} />
      </span>
    </div>
  )
}

/** Why it is not here, and what can be done. */
function Standing({ item, message, index }: MediaProps) {
  const console = useConsole()
  const hasAccount = useCell(console.truth)?.account !== 'none'
  const [asking, setAsking] = useState(false)
  if (item.problem === undefined)
    return <span>{hasAccount ? 'on its way' : 'kept at Twilio until an account is connected'}</span>
  const retry = async () => {
    setAsking(true)
    const result = await console.ask('media.retry', { message, index })
    setAsking(false)
    if (!result.ok) console.toasts.fail(result.error.message)
  }
  return (
    <>
      <span>{item.problem}</span>
      {!item.gone && (
        <LinkButton disabled={asking} onClick={() => void retry()}>
          Try again
        </LinkButton>
      )}
    </>
  )
}

interface VoicemailProps extends MediaProps {
  words: string
  state: string | undefined
  createdAt: string
}

/** Twilio writes a voicemail down within minutes, or not at all. */
const TRANSCRIPT_COMES_WITHIN = HOUR

/** Player and transcript are one message; without the sound it says how that stands in the player's place. */
export function Voicemail({ item, message, index, words, state, createdAt }: VoicemailProps) {
  const length = item.duration_s ?? 0
  const isOld = useMinute(useConsole().clock) - ms(createdAt) > TRANSCRIPT_COMES_WITHIN
  return (
    <div className="bubble voicemail">
      <p className="voicemail__head">
        <Icon name="voice" />
        <strong className="n">Voicemail{length > 0 && `, ${playTime(length)}`}</strong>
        {!item.file && (
          <span className="meta thumb__words">
            <Standing item={item} message={message} index={index} />
          </span>
        )}
      </p>
      {item.file && (
        <Player url={fileUrl(item.file)} length={length} label={`voicemail, ${length} seconds`} />
      )}
      <p className="words" dir="auto">
        {words !== ''
          ? `“${words}”`
          : state === 'failed'
            ? 'Twilio could not write this one down.'
            : isOld
              ? 'There is no transcript of it.'
              : 'The transcript is on its way.'}
      </p>
    </div>
  )
}
