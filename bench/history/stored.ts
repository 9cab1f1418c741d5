import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFile, link, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { SCHEMA } from '../../src/server/store/document.ts'
import type { Setting } from '../harness/row.ts'

/** A store of this many messages with a fifth as many sessions, in a folder of its own that may be written to. */
export async function storeOf(messages: number, setting: Setting): Promise<string> {
  const folder = join(await setting.folder(), 'data')
  await copy(await cached({ messages, sessions: messages / 5, seed: 1 }, setting), folder)
  return folder
}

interface Wanted {
  messages: number
  sessions: number
  seed: number
}

/** Built once on a machine and kept: a million takes minutes. */
async function cached(wanted: Wanted, setting: Setting): Promise<string> {
  const builders = ['bench/history/build.ts', 'scripts/history.ts']
  const hash = createHash('sha256').update(JSON.stringify({ ...wanted, schema: SCHEMA }))
  for (const file of builders) hash.update(await readFile(join(import.meta.dirname, '..', '..', file)))
  const folder = join(tmpdir(), 'switchboard-bench', hash.digest('hex').slice(0, 16))
  if (await stat(folder).catch(() => undefined)) return folder
  setting.say(`making a history of ${wanted.messages.toLocaleString('en-US')} messages, once on this machine`)
  const building = `${folder}.${String(process.pid)}`
  const { messages, sessions, seed } = wanted
  const args = [join(import.meta.dirname, 'build.ts'), building, ...[messages, sessions, seed].map(String)]
  await promisify(execFile)(process.execPath, args)
  // Under its own name only when it is whole.
  await rename(building, folder).catch(() => rm(building, { recursive: true, force: true }))
  return folder
}

/** The store replaces its documents and never writes into one, so that they can be shared. */
async function copy(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 })
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) await copy(source, target)
    else await link(source, target).catch(() => copyFile(source, target))
  }
}
