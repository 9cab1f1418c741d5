/** The class behind the package's function, which its types leave out. Version 2.0.2 is pinned. */
declare module 'localtunnel/lib/Tunnel.js' {
  import { EventEmitter } from 'node:events'
  export default class Tunnel extends EventEmitter {
    constructor(options: { host: string; port: number; local_host?: string })
    /** Asks the server for a name; answers with what `_getInfo` makes of it. */
    _init(done: (error: Error | null, info?: object) => void): void
    _getInfo(grant: object): object
    open(done: (error?: Error) => void): void
    close(): void
  }
}
