/** Files of messages: brought here, shown, and sent. */
export { answerMedia, type MediaAnswer, type StoredFile } from './answer.ts'
export { createDownloads, type Downloads } from './downloads.ts'
export { mediaHandlers } from './handlers.ts'
export { SignedMedia } from './signed.ts'
export { sweepDaily } from './sweeping.ts'
export { filesToSend } from './uploads.ts'
