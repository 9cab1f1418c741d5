import type { WayView } from '../../shared/live.ts'
import { publicAddress } from '../public-address.ts'

/** A way as it may be kept. Throws SwitchboardError bad_address with what is wrong with it. */
export function checkWay(way: WayView): WayView {
  if (way.kind === 'none') return { kind: 'none', url: '' }
  if (way.kind === 'localtunnel' && way.url.trim() === '') return { kind: 'localtunnel', url: '' }
  return { kind: way.kind, url: publicAddress(way.url) }
}
