import type { Handlers } from '../../shared/contract.ts'
import type { AttachedFiles } from '../store/index.ts'
import type { Downloads } from './downloads.ts'
import { addFile } from './uploads.ts'

/** Files to be sent, and those that did not come. */
export function mediaHandlers(
  attached: Pick<AttachedFiles, 'put' | 'renew'>,
  downloads: Pick<Downloads, 'retry'>,
): Pick<Handlers, 'media.add' | 'media.keep' | 'media.retry'> {
  return {
    'media.add': ({ data, medium }) => addFile(attached, data, medium),
    'media.keep': async ({ hashes }) => {
      for (const hash of hashes) await attached.renew(hash)
      return {}
    },
    'media.retry': ({ message, index }) => downloads.retry(message, index),
  }
}
