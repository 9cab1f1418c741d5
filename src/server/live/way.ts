import { SwitchboardError } from '../../shared/errors.ts'
import type { WayView } from '../../shared/live.ts'

/** A way as it may be kept. Throws SwitchboardError bad_address with what is wrong with it. */
export function checkWay(way: WayView): WayView {
  if (way.kind === 'none') return { kind: 'none', url: '' }
  if (way.kind === 'localtunnel' && way.url === '') return way
  const url = URL.parse(way.url)
  const no = (why: string) => new SwitchboardError('bad_address', { value: way.url, why })
  if (!url || !['https:', 'http:'].includes(url.protocol)) throw no('it is no web address')
  if (url.username !== '' || url.password !== '') throw no('it carries a name and password')
  if (url.search !== '' || url.hash !== '') throw no('it has something behind the path')
  // Twilio takes no status callback at a host with an underscore (reference twilio.md §5).
  if (url.hostname.includes('_')) throw no('its name has an underscore')
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) throw no('it is not https')
  return { kind: way.kind, url: way.url }
}

/** This machine itself: an own localtunnel server, or a forwarder beside us. */
const isLoopback = (name: string): boolean =>
  name === 'localhost' || name.endsWith('.localhost') || /^127(\.\d{1,3}){3}$/.test(name) || name === '[::1]'
