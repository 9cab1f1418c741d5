import { useRef, useState } from 'react'
import { Icon } from '../../parts/Icon.tsx'
import { playTime } from '../../words.ts'

const SPEEDS = [1, 1.5, 2] as const

/** Plays a recording the console keeps. */
export function Player({ url, length, label }: { url: string; length: number; label: string }) {
  const sound = useRef<HTMLAudioElement>(null)
  const [playing, setPlaying] = useState(false)
  const [at, setAt] = useState(0)
  const [speed, setSpeed] = useState<number>(1)
  const [known, setKnown] = useState(length)
  const [isBroken, setBroken] = useState(false)
  if (isBroken)
    return <p className="meta">This sound can’t be played here. The file is kept and can be saved.</p>

  const toggle = () => {
    if (playing) sound.current?.pause()
    // What can't be played says so by its error event.
    else sound.current?.play().catch(() => undefined)
  }
  const faster = () => {
    const next = SPEEDS[(SPEEDS.findIndex((one) => one === speed) + 1) % SPEEDS.length] ?? 1
    setSpeed(next)
    if (sound.current) sound.current.playbackRate = next
  }
  return (
    <div className="player">
      <audio
        ref={sound}
        src={url}
        preload="none"
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onError={() => setBroken(true)}
        onLoadedMetadata={({ currentTarget: { duration } }) => {
          if (length === 0 && Number.isFinite(duration)) setKnown(duration)
        }}
        onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)}
      />
      <button
        type="button"
        className="player__go"
        aria-label={`${playing ? 'Pause' : 'Play'} ${label}`}
        onClick={toggle}
      >
        <Icon name={playing ? 'pause' : 'play'} />
      </button>
      <input
        className="player__line"
        type="range"
        min={0}
        max={Math.max(known, 1)}
        step={0.1}
        value={at}
        aria-label="Place in the recording"
        aria-valuetext={known > 0 ? `${playTime(at)} of ${playTime(known)}` : playTime(at)}
        onChange={(event) => {
          if (sound.current) sound.current.currentTime = Number(event.target.value)
        }}
      />
      <span className="meta n nowrap">
        {/* How long it is some files say only when they are played. */}
        {playTime(at)}
        {known > 0 && ` / ${playTime(known)}`}
      </span>
      <button type="button" className="player__speed n" aria-label={`Speed, ${speed} times`} onClick={faster}>
        {speed}×
      </button>
    </div>
  )
}
