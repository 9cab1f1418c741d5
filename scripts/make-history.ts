// npm run make-history -- --messages N [--sessions M] [--seed S] [--out FILE | --data DIR]: a history like a small
// business has, as Twilio's message resources one a line; the same seed gives the same history. With --data it is
// imported at once.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { history } from './history.ts'

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '10000' },
    sessions: { type: 'string' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string' },
    data: { type: 'string' },
  },
})

const messages = count('messages', values.messages)
const sessions = values.sessions === undefined ? Math.ceil(messages / 5) : count('sessions', values.sessions)
const lines = history({ messages, sessions, seed: count('seed', values.seed) })

if (values.data !== undefined) await importInto(values.data)
else if (values.out !== undefined) await pipeline(lines, createWriteStream(values.out))
else await pipeline(lines, process.stdout).catch(unlessReaderLeft)

async function importInto(data: string): Promise<void> {
  const { mkdtemp, rm } = await import('node:fs/promises')
  const { tmpdir } = await import('node:os')
  // An import goes over its file more than once: a pipe won't do.
  const folder = await mkdtemp(join(tmpdir(), 'switchboard-history-'))
  try {
    const file = join(folder, 'history.jsonl')
    await pipeline(lines, createWriteStream(file))
    const command = join(import.meta.dirname, '..', 'bin', 'switchboard.js')
    const child = spawn(process.execPath, [command, 'import', file, '--format', 'twilio', '--data', data], {
      stdio: 'inherit',
    })
    const [code] = (await once(child, 'exit')) as [number | null]
    process.exitCode = code ?? 1
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function count(name: string, text: string): number {
  if (!/^\d{1,12}$/.test(text) || Number(text) < 1) {
    console.error(`--${name} takes a whole number from 1 up, not ${text}.`)
    process.exit(2)
  }
  return Number(text)
}

function unlessReaderLeft(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'EPIPE')) throw error
}
