import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runtimeRules, sourceRules } from '../scripts/boundary-rules.mjs'

const check = join(import.meta.dirname, '..', 'scripts', 'boundaries.mjs')
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchboard-boundaries-'))
  write(
    'package.json',
    JSON.stringify({
      dependencies: { lowdb: '*', twilio: '*', zod: '*' },
      devDependencies: { electron: '*', vite: '*' },
    }),
  )
  for (const name of ['electron', 'lowdb', 'twilio', 'vite', 'zod']) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }))
    write(`node_modules/${name}/index.js`, '')
  }
  // As the real one: found only by who reads `exports`.
  write(
    'node_modules/lowdb/package.json',
    JSON.stringify({ name: 'lowdb', exports: { import: './lib/index.js' } }),
  )
  write('node_modules/lowdb/lib/index.js', '')
  rmSync(join(folder, 'node_modules/lowdb/index.js'))
  write('node_modules/twilio/lib/webhooks/webhooks.js', '')
  write(
    'src/shared/contract.ts',
    "import { z } from 'zod'\nexport const schema = z\nexport type Words = string",
  )
  write('src/shared/words.ts', 'export type Id = string\nexport const limit = 1')
  write(
    'src/server/sessions/fold.ts',
    "import type { Id } from '../../shared/words.ts'\nexport const fold = (id: Id) => id",
  )
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('what the design allows passes', () => {
  write(
    'src/server/store/journal.ts',
    "import 'node:fs/promises'\nimport 'lowdb'\nexport type Journal = string\nexport const journal = 1",
  )
  write(
    'src/server/intake/claim.ts',
    "import type { Journal } from '../store/journal.ts'\nimport '../sessions/fold.ts'\nimport '../../shared/contract.ts'\nexport type Claim = Journal",
  )
  write('src/server/carrier/send.ts', "import 'twilio'")
  write('src/server/webhooks/signature.ts', "import 'twilio/lib/webhooks/webhooks.js'")
  write('src/server/world/files.ts', "import '../intake/claim.ts'\nimport '../store/journal.ts'")
  write(
    'src/server/switchboard.ts',
    "import './intake/claim.ts'\nimport './store/journal.ts'\nimport './world/files.ts'",
  )
  write(
    'src/server/cli/main.ts',
    "import '../switchboard.ts'\nimport '../store/journal.ts'\nimport 'node:path'",
  )
  write('src/main/index.ts', "import 'electron'\nimport '../server/switchboard.ts'")
  write('src/preload/index.ts', "import 'electron'")
  write(
    'src/renderer/list.ts',
    "import type { Words } from '../shared/contract.ts'\nimport { limit } from '../shared/words.ts'\nexport const list: Words = String(limit)",
  )

  expect(run()).toMatchObject({ status: 0, stderr: '' })
})

/** Each rule with a file that breaks it. */
const offences: Record<string, { file: string; text: string }[]> = {
  'sessions-are-pure': [
    { file: 'src/server/sessions/clock.ts', text: "import 'node:timers'" },
    { file: 'src/server/sessions/schema.ts', text: "import 'zod'" },
    {
      file: 'src/server/sessions/ports.ts',
      text: "import type { Log } from '../ports.ts'\nexport type L = Log",
    },
  ],
  'sessions-take-only-types-of-the-contract': [
    {
      file: 'src/server/sessions/limit.ts',
      text: "import { limit } from '../../shared/words.ts'\nexport const l = limit",
    },
  ],
  'shared-stands-alone': [
    {
      file: 'src/shared/ports.ts',
      text: "import type { Log } from '../server/ports.ts'\nexport type L = Log",
    },
  ],
  'shared-runs-anywhere': [{ file: 'src/shared/ids.ts', text: "import 'node:crypto'" }],
  'server-knows-no-electron': [{ file: 'src/server/web/window.ts', text: "import 'electron'" }],
  'server-knows-no-screen': [
    {
      file: 'src/server/web/page.ts',
      text: "import type { List } from '../../renderer/any.ts'\nexport type L = List",
    },
  ],
  'screen-knows-no-node': [{ file: 'src/renderer/path.ts', text: "import 'node:path'" }],
  'screen-knows-only-the-contract': [
    {
      file: 'src/renderer/reach.ts',
      text: "import type { Log } from '../server/ports.ts'\nexport type L = Log",
    },
    { file: 'src/renderer/ipc.ts', text: "import 'electron'" },
  ],
  'preload-is-alone': [{ file: 'src/preload/index.ts', text: "import 'node:path'" }],
  'only-the-store-touches-disk': [
    { file: 'src/server/intake/spool.ts', text: "import 'node:fs'" },
    { file: 'src/server/intake/later.ts', text: "export const read = () => import('fs/promises')" },
    { file: 'src/main/state.ts', text: "import 'lowdb'" },
  ],
  'only-the-carrier-calls-twilio': [
    {
      file: 'src/server/outbox/send.ts',
      text: "import type { Twilio } from 'twilio'\nexport type T = Twilio",
    },
  ],
  'webhooks-only-check-twilio': [{ file: 'src/server/webhooks/send.ts', text: "import 'twilio'" }],
  'only-the-composition-root-joins': [
    { file: 'src/server/intake/store.ts', text: "import '../store/journal.ts'" },
  ],
  'the-command-reads-the-store': [{ file: 'src/server/cli/intake.ts', text: "import '../intake/spool.ts'" }],
  'the-composition-root-is-at-the-top': [
    {
      file: 'src/server/outbox/root.ts',
      text: "import type { S } from '../switchboard.ts'\nexport type T = S",
    },
    {
      file: 'src/server/outbox/world.ts',
      text: "import type { S } from '../world/types.ts'\nexport type T = S",
    },
  ],
  'nothing-unshipped': [{ file: 'src/main/dev.ts', text: "import 'vite'" }],
  'no-cycles': [
    { file: 'src/server/replies/one.ts', text: "import type { Two } from './two.ts'\nexport type One = Two" },
  ],
  'no-unresolved': [{ file: 'src/server/intake/gone.ts', text: "import './nowhere.ts'" }],
  'screen-carries-no-zod': [
    {
      file: 'src/renderer/schema.ts',
      text: "import { schema } from '../shared/contract.ts'\nexport const s = schema",
    },
  ],
}

test('every rule has a file here that breaks it', () => {
  expect(Object.keys(offences).sort()).toEqual(
    [...sourceRules, ...runtimeRules].map(({ name }) => name).sort(),
  )
})

test('each file that crosses a boundary fails the check, with the rule by name', () => {
  write('src/server/ports.ts', 'export type Log = string')
  write('src/server/switchboard.ts', 'export type S = string')
  write('src/server/world/types.ts', 'export type S = string')
  write('src/server/store/journal.ts', 'export const journal = 1')
  write('src/renderer/any.ts', 'export type List = string')
  write('src/server/replies/two.ts', "import type { One } from './one.ts'\nexport type Two = One")
  for (const { file, text } of Object.values(offences).flat()) write(file, text)

  const { status, stderr } = run()

  expect(status).toBe(1)
  for (const [rule, files] of Object.entries(offences)) {
    for (const { file } of files) expect(stderr).toContain(`${rule}: ${file} → `)
  }
})

test('one offence is enough', () => {
  write('src/renderer/reach.ts', "import '../server/sessions/fold.ts'")

  const { status, stderr } = run()

  expect(status).toBe(1)
  expect(stderr).toContain(
    'screen-knows-only-the-contract: src/renderer/reach.ts → src/server/sessions/fold.ts',
  )
  expect(stderr).toContain('1 import crosses a boundary.')
})

function write(file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true })
  writeFileSync(join(folder, file), text)
}

function run(): { status: number | null; stderr: string } {
  const { status, stderr } = spawnSync(process.execPath, [check, folder], { encoding: 'utf8' })
  return { status, stderr }
}
