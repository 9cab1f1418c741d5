import { SwitchboardError } from '../shared/errors.ts'

/**
 * An own address by which Twilio is to reach us, from a screen or the command line, without slashes at its end. Throws
 * SwitchboardError bad_address with what is wrong with it.
 */
export function publicAddress(text: string): string {
  const url = URL.parse(text.trim())
  const no = (why: string) =>
    new SwitchboardError('bad_address', { value: withoutPassword(text.trim()), why })
  if (!url || !['https:', 'http:'].includes(url.protocol)) throw no('it is no web address')
  if (url.username !== '' || url.password !== '') throw no('it carries a name and password')
  // A lone ? or # is nothing in the parsed address, and would still stand before our path.
  if (/[?#]/.test(text)) throw no('it has something behind the path')
  if (url.hostname.split('.').slice(0, -1).includes('') || url.hostname === '.' || url.port === '0')
    throw no('it is no web address')
  // Twilio takes no status callback at a host with an underscore (reference twilio.md §5).
  if (url.hostname.includes('_')) throw no('its name has an underscore')
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) throw no('it is not https')
  // As it is meant, not as it was typed: Twilio calls, and signs for, what is set there letter by letter.
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '')
}

/** What is refused is shown and logged. */
const withoutPassword = (value: string): string => value.replace(/\/\/[^/?#]*@/, '//•••@')

/** This machine itself: an own localtunnel server, or a forwarder beside us. */
const isLoopback = (name: string): boolean =>
  name === 'localhost' || name.endsWith('.localhost') || /^127(\.\d{1,3}){3}$/.test(name) || name === '[::1]'
