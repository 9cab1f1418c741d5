import type { MediaFile } from '../../../shared/documents.ts'

/** A browser saves what a link says; the desktop app's page may not leave where it is, so the app does it. */
export const savesByItself = (): boolean => window.switchboard === undefined

/** Where the page gets a stored file: beside app://console from app://media, in a browser from the console's own port. */
export const fileUrl = ({ hash }: Pick<MediaFile, 'hash'>): string =>
  savesByItself()
    ? `/media/${hash}`
    : `${location.protocol}//${location.host.replace(/^console/, 'media')}/${hash}`

const ENDINGS: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'audio/wav': 'wav',
  'audio/mpeg': 'mp3',
  'audio/ogg': 'ogg',
  'video/mp4': 'mp4',
  'video/3gpp': '3gp',
  'application/pdf': 'pdf',
  'text/vcard': 'vcf',
}

/** A name to save it by: what it is, and enough of its hash to tell it from others. */
export function fileName({ hash, content_type }: MediaFile, kind: string): string {
  const ending = ENDINGS[content_type.split(';')[0] ?? '']
  return `${kind.toLowerCase().replaceAll(' ', '-')}-${hash.slice(0, 8)}${ending === undefined ? '' : `.${ending}`}`
}

/** 640 kB, 1.4 MB */
export function fileSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}
