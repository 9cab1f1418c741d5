/** The desktop app, with the real server in it. */
import { openHost } from './open-host.ts'
import { startDesktop } from './desktop.ts'

await startDesktop(openHost)
