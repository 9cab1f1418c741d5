import type { MediaFile } from '../../../../shared/documents.ts'
import { IconButton } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { fileSize, fileUrl } from '../../state/files.ts'
import { SaveFile } from './FileTile.tsx'

/** The picture as large as the window lets it. */
export function PictureView({ file, onClose }: { file: MediaFile; onClose: () => void }) {
  return (
    <Dialog label="Photo" className="dialog--picture" onClose={onClose}>
      <div className="dialog__head">
        <span className="grow meta n">
          {file.width !== undefined && file.height !== undefined && `${file.width} × ${file.height} · `}
          {fileSize(file.size)}
        </span>
        <SaveFile file={file} kind="Photo" />
        <IconButton icon="x" label="Close" onClick={onClose} autoFocus />
      </div>
      <img
        className="whole"
        src={fileUrl(file)}
        alt="Photo from the message"
        width={file.width}
        height={file.height}
      />
    </Dialog>
  )
}
