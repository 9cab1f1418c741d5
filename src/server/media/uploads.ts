import type { MediaFile, MediaItem, Medium } from '../../shared/documents.ts'
import { SwitchboardError } from '../../shared/errors.ts'
import { fileRefusal, LARGEST_PICTURE, MOST_FILES } from '../../shared/media.ts'
import type { Blobs } from '../store/blobs.ts'
import { describe } from './content-type.ts'

type Kept = Pick<Blobs, 'put' | 'open'>

/** Enough of a stored file to know it again. */
const HEAD_BYTES = 512 * 1024

const refuse = (what: string): never => {
  throw new SwitchboardError('not_possible', { what })
}

/** Keeps a file the operator wants to send. Throws SwitchboardError not_possible where it could not be sent. */
export async function addFile(blobs: Kept, data: string, medium: Medium): Promise<MediaFile> {
  const bytes = Buffer.from(data, 'base64')
  if (bytes.byteLength > LARGEST_PICTURE) refuse('The file is larger than 5 MB, and Twilio takes none.')
  const described = await describe(bytes)
  const refusal = fileRefusal({ ...described, size: bytes.byteLength }, medium)
  if (refusal !== null) refuse(refusal)
  const { hash, size } = await blobs.put([bytes], LARGEST_PICTURE)
  return { hash, size, ...described }
}

/** The files of a message to be sent, looked at again: by another medium, others may be taken. */
export async function filesToSend(
  blobs: Kept,
  hashes: readonly string[],
  medium: Medium,
): Promise<MediaItem[]> {
  if (hashes.length > MOST_FILES)
    refuse(`At most ${String(MOST_FILES)} files go with a message. Send the rest with another.`)
  return Promise.all(
    hashes.map(async (hash) => {
      const blob = await blobs.open(hash)
      if (!blob) return refuse('An attached file is not here any more. Attach it again.')
      const described = await describe(await blob.read(0, Math.min(HEAD_BYTES, blob.size) - 1))
      const file: MediaFile = { hash, size: blob.size, ...described }
      const refusal = fileRefusal(file, medium)
      if (refusal !== null) refuse(refusal)
      return { url: '', content_type: file.content_type, file }
    }),
  )
}
