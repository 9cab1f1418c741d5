import type { Handlers } from '../../shared/contract.ts'
import type { Blobs } from '../store/blobs.ts'
import type { Downloads } from './downloads.ts'
import { addFile } from './uploads.ts'

/** Files to be sent, and those that did not come. */
export function mediaHandlers(
  blobs: Pick<Blobs, 'put' | 'open'>,
  downloads: Pick<Downloads, 'retry'>,
): Pick<Handlers, 'media.add' | 'media.retry'> {
  return {
    'media.add': ({ data, medium }) => addFile(blobs, data, medium),
    'media.retry': ({ message, index }) => downloads.retry(message, index),
  }
}
