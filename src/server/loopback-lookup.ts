import { lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'

/** Names below .localhost are this machine (RFC 6761); not every system's resolver knows. Others are asked for as ever. */
export const loopbackLookup: LookupFunction = (name, options, callback) => {
  if (!/(^|\.)localhost\.?$/i.test(name)) lookup(name, options, callback)
  else if (options.all) callback(null, [{ address: '127.0.0.1', family: 4 }])
  else callback(null, '127.0.0.1', 4)
}
