import type { Shell } from 'electron'

const SCHEMES = new Set(['https:', 'mailto:'])

/** Why a link is not opened, in words for the log; null when it may be. */
export function linkRefusal(address: string): string | null {
  if (!URL.canParse(address)) return 'it is not an address'
  const { protocol, username, password, host } = new URL(address)
  if (!SCHEMES.has(protocol)) return `${protocol} links are not opened`
  // user@host shows one name and leads to another.
  if (username !== '' || password !== '') return 'it carries a user name or password'
  if (protocol === 'https:' && host === '') return 'it names no host'
  return null
}

/**
 * The only place that hands an address to the system: what the system does with it is out of our hands.
 * Resolves to whether it was opened.
 */
export async function openLink(shell: Pick<Shell, 'openExternal'>, address: string): Promise<boolean> {
  if (linkRefusal(address) !== null) return false
  // The parsed form, so that what was checked is what is opened.
  await shell.openExternal(new URL(address).href)
  return true
}
