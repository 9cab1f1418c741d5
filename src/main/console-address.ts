/** The one address a page of ours may have. Compared by parsed parts: a substring says nothing about an address. */
export const APP_SCHEME = 'app'
export const CONSOLE_HOST = 'console'
export const MEDIA_HOST = 'media'
export const CONSOLE_URL = `${APP_SCHEME}://${CONSOLE_HOST}/index.html`

export function isConsoleUrl(address: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, host, username, password } = new URL(address)
  return protocol === `${APP_SCHEME}:` && host === CONSOLE_HOST && username === '' && password === ''
}
