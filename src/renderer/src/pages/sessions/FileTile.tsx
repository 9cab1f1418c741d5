import type { MediaFile } from '../../../../shared/documents.ts'
import { kindOf } from '../../../../shared/media.ts'
import { LinkButton } from '../../parts/Button.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { useConsole } from '../../state/app.ts'
import { fileName, fileSize, fileUrl, savesByItself } from '../../state/files.ts'

/** A file that is not shown here: what it is, how large, and the way to have it. */
export function FileTile({ file }: { file: MediaFile }) {
  const kind = kindOf(file.content_type)
  return (
    <div className="thumb">
      <Icon name="note" size={20} />
      <span className="thumb__words">
        <strong>{kind}</strong>
        <span className="n">{fileSize(file.size)}</span>
        <SaveFile file={file} kind={kind} />
      </span>
    </div>
  )
}

export function SaveFile({ file, kind }: { file: MediaFile; kind: string }) {
  const console = useConsole()
  const name = fileName(file, kind)
  if (savesByItself())
    return (
      <a className="link" href={fileUrl(file)} download={name}>
        Save
      </a>
    )
  const save = async () => {
    const result = await console.ask('app.save_file', { hash: file.hash, name })
    if (!result.ok) console.toasts.fail(result.error.message)
  }
  return <LinkButton onClick={() => void save()}>Save</LinkButton>
}
