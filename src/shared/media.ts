import type { MediaItem, Medium } from './documents.ts'

/** Its bytes are still to be had: there is an address, no file, and nothing was found wrong with it. */
export function isAwaited({ url, file, problem }: MediaItem): boolean {
  return url !== '' && file === undefined && problem === undefined
}

const KINDS: readonly (readonly [prefix: string, words: string])[] = [
  ['image/', 'Photo'],
  ['video/', 'Video'],
  ['audio/', 'Sound'],
  ['text/vcard', 'Contact card'],
  ['text/x-vcard', 'Contact card'],
  ['application/pdf', 'PDF'],
]

/** What a file is, in a word. */
export function kindOf(contentType: string): string {
  return KINDS.find(([prefix]) => contentType.startsWith(prefix))?.[1] ?? 'File'
}

/** For a list, what a message without words brings. */
export function mediaWords(media: readonly MediaItem[]): string {
  const [first] = media
  if (!first) return ''
  const kind = kindOf(first.file?.content_type ?? first.content_type)
  return media.length === 1 ? kind : `${kind} and ${String(media.length - 1)} more`
}

/** Files on one message (reference: Twilio's messages.create); of a WhatsApp message all but the first would be lost. */
const MOST_FILES: Readonly<Record<Medium, number>> = { sms: 10, whatsapp: 1, voice: 0 }

/** Why so many files can't go with one message by this medium, and the next step; null when they can. */
export function countRefusal(count: number, medium: Medium): string | null {
  if (count <= MOST_FILES[medium]) return null
  return medium === 'whatsapp'
    ? 'One file goes with a WhatsApp message. Send the rest with others.'
    : `At most ${String(MOST_FILES[medium])} files go with a message. Send the rest with another.`
}
/** Bytes. What Twilio takes of a picture, and of anything else. */
export const LARGEST_PICTURE = 5_000_000
export const LARGEST_OTHER = 500_000

const PICTURES = ['image/jpeg', 'image/png', 'image/gif', 'image/webp']
const SOUNDS = ['audio/mpeg', 'audio/ogg', 'audio/ogg; codecs=opus', 'audio/aac', 'audio/amr', 'audio/mp4']
const TAKEN: Readonly<Record<Medium, ReadonlySet<string>>> = {
  sms: new Set([
    ...PICTURES,
    ...SOUNDS,
    'audio/wav',
    'audio/x-m4a',
    'video/mp4',
    'video/3gpp',
    'video/quicktime',
    'video/webm',
    'application/pdf',
    'text/vcard',
  ]),
  whatsapp: new Set([
    ...PICTURES.filter((type) => type !== 'image/gif'),
    ...SOUNDS,
    'video/mp4',
    'video/3gpp',
    'application/pdf',
    'text/vcard',
  ]),
  voice: new Set(),
}
/** Types of sendable files, for a file chooser. */
export const acceptedBy = (medium: Medium): string => [...TAKEN[medium]].join(',')

/** Why a file can't go out by this medium, and the next step; null when it can. */
export function fileRefusal(file: { content_type: string; size: number }, medium: Medium): string | null {
  const { content_type: type, size } = file
  const by = medium === 'whatsapp' ? 'WhatsApp' : 'SMS'
  if (size === 0) return 'The file is empty.'
  if (!TAKEN[medium].has(type))
    return medium === 'voice'
      ? 'Files can’t be sent by phone.'
      : `Files of this kind are not taken by ${by}. Pictures, sound, video, PDF and contact cards are.`
  const limit = type.startsWith('image/') ? LARGEST_PICTURE : LARGEST_OTHER
  if (size <= limit) return null
  return limit === LARGEST_PICTURE
    ? 'The picture is larger than 5 MB, and Twilio takes none. Make it smaller first.'
    : 'The file is larger than 500 kB, and Twilio takes none. Only pictures may be larger, up to 5 MB.'
}
