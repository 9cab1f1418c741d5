import type { OpenHost } from './host.ts'
import { SwitchboardError } from '../shared/errors.ts'

/** Joins the server (src/server/switchboard.ts) to the desktop app: the one place that knows both. */
export const openHost: OpenHost = async () => {
  throw new SwitchboardError('not_possible', { what: 'The server is not part of this version yet.' })
}
