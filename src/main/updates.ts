import { z } from 'zod'

const release = z.object({ tag_name: z.string(), html_url: z.url() })

/** Asked by hand only: the app calls nobody by itself, and downloads nothing. */
export type UpdateNotice =
  { kind: 'newer'; version: string; page: string } | { kind: 'current' } | { kind: 'unknown'; why: string }

/**
 * Compares this version with the newest release at `feed` (GitHub's "latest release" document, or one in its shape).
 * An empty `feed` means that this build names none.
 */
export async function checkForUpdate(
  feed: string,
  version: string,
  get: (address: string) => Promise<Response>,
): Promise<UpdateNotice> {
  if (feed === '') return { kind: 'unknown', why: 'This build does not say where its releases are.' }
  try {
    const response = await get(feed)
    if (!response.ok) return { kind: 'unknown', why: `The list of releases answered ${response.status}.` }
    const latest = release.parse(await response.json())
    const found = latest.tag_name.replace(/^v/, '')
    return isNewer(found, version)
      ? { kind: 'newer', version: found, page: latest.html_url }
      : { kind: 'current' }
  } catch {
    return { kind: 'unknown', why: 'The list of releases could not be read. Check the connection.' }
  }
}

/** Compares the three numbers of a version; what is no version is not newer. */
export function isNewer(found: string, current: string): boolean {
  const [a, b] = [found, current].map((text) => /^(\d+)\.(\d+)\.(\d+)$/.exec(text)?.slice(1).map(Number))
  if (!a || !b) return false
  const differs = a.findIndex((part, place) => part !== b[place])
  return differs !== -1 && (a[differs] ?? 0) > (b[differs] ?? 0)
}
