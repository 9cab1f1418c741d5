import type { Medium } from '../../../shared/documents.ts'
import { MEDIUM_NAMES } from '../words.ts'
import { Icon } from './Icon.tsx'

export const mediumIcon = { sms: 'sms', whatsapp: 'wa', voice: 'voice' } as const

/** The medium's glyph in its hue, named for who does not see it. */
export function MediumIcon({ medium }: { medium: Medium }) {
  return <Icon name={mediumIcon[medium]} label={MEDIUM_NAMES[medium]} className={`m-${medium}`} />
}
