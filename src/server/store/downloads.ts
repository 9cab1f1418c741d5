import { isAwaited } from '../../shared/media.ts'
import type { Commit } from './types.ts'

/**
 * The commit with what it changes in the list of awaited files: whoever puts a message that awaits some, by whatever way,
 * puts it on the list in the same record, and whoever puts it without takes it off. So a start knows what to go on with
 * without reading a single message, and a crash can't come between the two.
 */
export function withDownloads(commit: Commit, at: string, isListed: (id: string) => boolean): Commit {
  const { messages } = commit
  if (!messages) return commit
  const downloads = [...(commit.downloads ?? [])]
  const removed = [...(commit.removed ?? [])]
  for (const { _id, media } of messages) {
    const awaits = media.some(isAwaited)
    if (awaits && !isListed(_id) && !downloads.some((row) => row._id === _id))
      downloads.push({ _id, attempts: 0, updatedAt: at })
    if (!awaits && isListed(_id)) removed.push({ collection: 'downloads', _id })
  }
  return {
    ...commit,
    ...(downloads.length > 0 && { downloads }),
    ...(removed.length > 0 && { removed }),
  }
}
