import { backstage, version } from './wiring.ts'
import { run } from './program.ts'
import { processTerminal } from './terminal.ts'

/** The `switchboard` command; bin/switchboard.js starts it. */
process.exitCode = await run(process.argv.slice(2), processTerminal(), backstage(), version)

// A server that could only half start may still hold a port: nothing keeps a finished command alive.
setTimeout(() => process.exit(), 1_000).unref()
