import type * as Electron from 'electron'
import { host } from './host.ts'
import { type Impl, strict } from './strict.ts'

/** app://host/path is https://host.app.standin.invalid/path inside Chromium, which has no custom schemes over CDP. */
export const ALIAS = '.standin.invalid'

type Handler = (request: Request) => Response | Promise<Response>
const handlers = new Map<string, Handler>()
const privileges = new Map<string, Electron.Privileges>()

export function handlerOf(scheme: string): Handler | undefined {
  return handlers.get(scheme)
}

export function toAlias(url: string): string {
  const [, scheme = '', name, rest] = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/s.exec(url) ?? []
  return handlers.has(scheme) ? `https://${name || 'host'}.${scheme}${ALIAS}${rest}` : url
}

export function fromAlias(url: string): string {
  const [, name, scheme, rest] = /^https:\/\/(.*)\.([a-z0-9+-]+)\.standin\.invalid(.*)$/s.exec(url) ?? []
  return scheme === undefined ? url : `${scheme}://${name}${rest}`
}

/** Behind the alias Chromium grants what https has. What the app forgot to ask for has to fail here instead. */
export function missingPrivilege(scheme: string, kind: string): string | null {
  const asked = privileges.get(scheme) ?? {}
  if (kind === 'Document') {
    if (!asked.standard) return 'standard'
    if (!asked.secure) return 'secure'
  }
  if ((kind === 'Fetch' || kind === 'XHR') && !asked.supportFetchAPI) return 'supportFetchAPI'
  if (kind === 'Media' && !asked.stream) return 'stream'
  return null
}

export const protocol = strict('protocol', {
  registerSchemesAsPrivileged(schemes) {
    if (host.isReady) {
      throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready')
    }
    for (const { scheme, privileges: asked = {} } of schemes) {
      if (asked.bypassCSP) throw new Error('Electron stand-in: bypassCSP is not there')
      privileges.set(scheme, asked)
    }
  },
  handle(scheme, handler) {
    if (handlers.has(scheme)) throw new Error('Failed to register protocol')
    // Electron types the request with its own copy of the DOM's classes.
    handlers.set(scheme, handler)
  },
  unhandle(scheme) {
    handlers.delete(scheme)
  },
  isProtocolHandled: (scheme) => handlers.has(scheme),
} satisfies Impl<Electron.Protocol>)
