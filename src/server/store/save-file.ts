import { randomBytes } from 'node:crypto'
import { basename, dirname, join } from 'node:path'
import { diskError, renamePatiently, writeFully } from './atomic.ts'
import { type Disk, RealDisk } from './disk.ts'

/**
 * Writes text that comes bit by bit to a file of the person's choice: whole or not at all, only their user may read it.
 * Resolves with its bytes. Throws SwitchboardError disk_full or disk_failed; whatever throws, what was there before stays.
 */
export async function saveFile(
  file: string,
  text: AsyncIterable<string>,
  disk: Disk = new RealDisk(),
): Promise<number> {
  const temporary = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}.tmp`)
  try {
    const open = await disk.open(temporary, 'new')
    let position = 0
    try {
      for await (const part of text) {
        const bytes = Buffer.from(part)
        await writeFully(open, bytes, position)
        position += bytes.byteLength
      }
      await open.sync()
    } finally {
      await open.close()
    }
    await renamePatiently(disk, temporary, file)
    await disk.syncFolder(dirname(file))
    return position
  } catch (error) {
    await disk.remove(temporary).catch(() => undefined)
    throw diskError(error)
  }
}
