import { LinkButton } from '../../parts/Button.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { useConsole } from '../../state/app.ts'
import type { Outgoing } from '../../state/transcript.ts'
import { Media } from './Media.tsx'

/** A message on its way to the console: shown at once; if it is refused, why, and the ways out. */
export function OutgoingRow({ row, session }: { row: Outgoing; session: string }) {
  const { transcripts } = useConsole()
  const failed = row.refused !== null
  return (
    <li className={`msg msg--out ${failed ? 'msg--failed' : ''}`}>
      <span className="sr">You: </span>
      <div className={`bubble ${row.files.length > 0 ? 'bubble--media' : ''}`} dir="auto">
        {row.files.length > 0 && (
          <div className={row.files.length > 1 ? 'bubble__files--many' : undefined}>
            {row.files.map((file, at) => (
              <Media
                key={at}
                item={{ url: '', content_type: file.content_type, file }}
                message={row.draft}
                index={at}
              />
            ))}
          </div>
        )}
        {row.files.length > 0 ? row.body !== '' && <p dir="auto">{row.body}</p> : row.body}
      </div>
      {failed ? (
        <div className="fail">
          <p>
            <Icon name="alert" size={14} />
            <b>Not sent.</b> {row.refused}
          </p>
          <p className="fail__do">
            <LinkButton
              onClick={() =>
                void transcripts.send(session, row.body, row.medium, row.draft, row.files, row.content)
              }
            >
              Send again
            </LinkButton>
            <LinkButton onClick={() => transcripts.discard(session, row.draft)}>Discard</LinkButton>
          </p>
        </div>
      ) : (
        <div className="under">
          <Icon name="clock" size={14} />
          <span>Waiting to send</span>
        </div>
      )}
    </li>
  )
}
