import type { MediaFile, MediaItem, Medium } from '../../shared/documents.ts'
import { SwitchboardError } from '../../shared/errors.ts'
import { countRefusal, fileRefusal, LARGEST_PICTURE } from '../../shared/media.ts'
import type { AttachedFiles } from '../store/index.ts'
import { describe } from './content-type.ts'

type Kept = Pick<AttachedFiles, 'put' | 'open' | 'take'>

/** Enough of a stored file to know it again. */
const HEAD_BYTES = 512 * 1024

const GONE = 'An attached file is not here any more. Take it out and attach it again.'

const refuse = (what: string): never => {
  throw new SwitchboardError('not_possible', { what })
}

/** Keeps a file the operator wants to send. Throws SwitchboardError not_possible where it could not be sent. */
export async function addFile(kept: Pick<Kept, 'put'>, data: string, medium: Medium): Promise<MediaFile> {
  const bytes = Buffer.from(data, 'base64')
  if (bytes.byteLength > LARGEST_PICTURE) refuse('The file is larger than 5 MB, and Twilio takes none.')
  const described = await describe(bytes)
  const refusal = fileRefusal({ ...described, size: bytes.byteLength }, medium)
  if (refusal !== null) refuse(refusal)
  const { hash, size } = await kept.put([bytes], LARGEST_PICTURE)
  return { hash, size, ...described }
}

/** The files of a message to be sent, a message's from now on. Looked at again: by another medium, others may be taken. */
export async function filesToSend(
  kept: Pick<Kept, 'open' | 'take'>,
  hashes: readonly string[],
  medium: Medium,
): Promise<MediaItem[]> {
  const tooMany = countRefusal(hashes.length, medium)
  if (tooMany !== null) refuse(tooMany)
  const items = await Promise.all(
    hashes.map(async (hash) => {
      const blob = await kept.open(hash)
      if (!blob) return refuse(GONE)
      const described = await describe(await blob.read(0, Math.min(HEAD_BYTES, blob.size) - 1))
      const file: MediaFile = { hash, size: blob.size, ...described }
      const refusal = fileRefusal(file, medium)
      if (refusal !== null) refuse(refusal)
      return { url: '', content_type: file.content_type, file }
    }),
  )
  for (const hash of hashes) if (!(await kept.take(hash))) refuse(GONE)
  return items
}
