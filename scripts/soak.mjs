// npm run soak [-- --rounds N --seed S]: the kill tests for many rounds: a console taking traffic is killed with SIGKILL
// at random moments, and each time everything it acknowledged must be there once.
import { spawn } from 'node:child_process'
import { parseArgs } from 'node:util'
import { endAs } from '../bin/launch.js'
import { commandOf, fail, prepare, root } from './setup.mjs'

await prepare(import.meta.url)

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '200' }, seed: { type: 'string' } },
})
for (const [name, value] of Object.entries(values)) {
  if (!/^\d{1,9}$/.test(value)) fail(`--${name} takes a whole number, not ${value}.`)
}

const seed = values.seed === undefined ? {} : { SWITCHBOARD_KILL_SEED: values.seed }
const child = spawn(process.execPath, [commandOf('vitest'), 'run', 'test/kill', '--reporter=verbose'], {
  cwd: root,
  env: { ...process.env, SWITCHBOARD_KILL_ROUNDS: values.rounds, ...seed },
  stdio: ['ignore', 'inherit', 'inherit'],
})
child.on('error', (error) => fail(error.message))
child.on('exit', endAs)
