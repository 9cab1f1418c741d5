import { backstage, version } from './wiring.ts'
import { run } from './program.ts'
import { processTerminal } from './terminal.ts'

/** The `switchboard` command; bin/switchboard.js starts it. */
const terminal = processTerminal()
process.exitCode = await run(process.argv.slice(2), terminal, backstage(terminal), version)
