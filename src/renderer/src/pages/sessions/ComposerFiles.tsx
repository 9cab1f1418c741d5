import { useRef } from 'react'
import type { Medium } from '../../../../shared/documents.ts'
import { acceptedBy, kindOf } from '../../../../shared/media.ts'
import { IconButton } from '../../parts/Button.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { useConsole } from '../../state/app.ts'
import { useCell, useEntry } from '../../state/cell.ts'
import type { Attached } from '../../state/attachments.ts'
import { fileSize, fileUrl } from '../../state/files.ts'
import './media.css'

const NONE: readonly Attached[] = []

/** What is attached to a draft, and whether anything may be: Twilio fetches files from here. */
export function useFiles(draft: string) {
  const console = useConsole()
  const truth = useCell(console.truth)
  const attached = useEntry(console.attachments.byDraft, draft) ?? NONE
  const adding = useEntry(console.attachments.adding, draft) ?? 0
  const mayAttach = truth !== null && (truth.world === 'simulation' || truth.public_base !== null)
  return { attached, adding, mayAttach }
}

export const CANNOT_ATTACH = 'Files can be sent once you are live: Twilio fetches them from this computer'

interface AttachProps {
  medium: Medium
  mayAttach: boolean
  onFiles: (files: readonly File[]) => void
}

export function AttachButton({ medium, mayAttach, onFiles }: AttachProps) {
  const chooser = useRef<HTMLInputElement>(null)
  return (
    <>
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        aria-label="Files to attach"
        accept={acceptedBy(medium)}
        onChange={({ currentTarget }) => {
          onFiles([...(currentTarget.files ?? [])])
          // The same file may be chosen again.
          currentTarget.value = ''
        }}
      />
      <IconButton
        icon="clip"
        label={mayAttach ? 'Attach files' : CANNOT_ATTACH}
        disabled={!mayAttach}
        onClick={() => chooser.current?.click()}
      />
    </>
  )
}

interface TilesProps {
  attached: readonly Attached[]
  adding: number
  onRemove: (at: number) => void
}

export function AttachedTiles({ attached, adding, onRemove }: TilesProps) {
  if (attached.length === 0 && adding === 0) return null
  return (
    <ul className="attached" aria-label="Attached files">
      {attached.map(({ name, file }, at) => (
        <li key={`${file.hash}-${at}`}>
          {kindOf(file.content_type) === 'Photo' ? (
            <img src={fileUrl(file)} alt="" />
          ) : (
            <Icon name="note" size={20} />
          )}
          <span className="attached__words grow">
            <span className="cut" title={name}>
              {name}
            </span>
            <span className="n nowrap ink3">{fileSize(file.size)}</span>
          </span>
          <IconButton icon="x" label={`Remove ${name}`} size={12} onClick={() => onRemove(at)} />
        </li>
      ))}
      {adding > 0 && (
        <li role="status">
          <Icon name="clock" />
          Attaching
        </li>
      )}
    </ul>
  )
}
