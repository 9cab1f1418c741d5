// npm run bench [-- --only 1,3] [--quick]: measures what design §8 asks for, each row against its peer in the same run;
// prints a table and keeps the samples in bench/results.json. What the rows are: docs/bench.md.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, getPriority, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { format } from 'prettier'
import { judge } from './harness/figures.ts'
import type { Line, Row, Setting } from './harness/row.ts'
import { tableOf } from './harness/table.ts'
import { webhooks } from './rows/1-webhooks.ts'
import { appends } from './rows/2-appends.ts'
import { flat } from './rows/3-flat.ts'
import { lowdb } from './rows/4-lowdb.ts'
import { start } from './rows/5-start.ts'
import { stalls } from './rows/6-stalls.ts'
import { catchUp } from './rows/7-catch-up.ts'
import { pixels } from './rows/8-pixels.ts'
import { scrolling } from './rows/9-scrolling.ts'
import { firstList } from './rows/10-first-list.ts'
import { tunnel } from './rows/11-tunnel.ts'

const ROWS: readonly Row[] = [
  webhooks,
  appends,
  flat,
  lowdb,
  start,
  stalls,
  catchUp,
  pixels,
  scrolling,
  firstList,
  tunnel,
]

const { values } = parseArgs({
  options: { only: { type: 'string' }, quick: { type: 'boolean', default: false } },
})
const wanted = values.only?.split(',').map(Number)
const rows = ROWS.filter(({ number }) => wanted?.includes(number) ?? true)
if (rows.length === 0) {
  console.error(`--only takes numbers of rows: ${ROWS.map((r) => `${r.number} ${r.title}`).join('; ')}`)
  process.exit(2)
}

const folders: string[] = []
const setting: Setting = {
  quick: values.quick,
  async folder() {
    const folder = await mkdtemp(join(tmpdir(), 'switchboard-bench-'))
    folders.push(folder)
    return folder
  },
  say: (text) => console.error(`  ${text}`),
}

/** Rows measured by other runs stay: on a busy machine a row at a time is what can be had. */
const file = join(import.meta.dirname, 'results.json')
const results = new Map((await earlier()).map((result) => [result.number, result]))
const lines: Line[] = []
try {
  for (const row of rows) {
    console.error(`${row.number} ${row.title}`)
    const measured = await row.measure(setting)
    lines.push(...measured)
    results.set(row.number, resultOf(row, measured))
    const inOrder = [...results.values()].sort((a, b) => a.number - b.number)
    await writeFile(file, await format(JSON.stringify(inOrder, null, 2), { parser: 'json', printWidth: 110 }))
  }
} finally {
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
  console.log(tableOf(lines))
}

type Result = ReturnType<typeof resultOf>

/** A row as `results.json` keeps it: where and when it was measured, each line's samples and what they come to. */
function resultOf({ number, title }: Row, measured: readonly Line[]) {
  return {
    number,
    title,
    machine: {
      date: new Date().toISOString(),
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      cores: availableParallelism(),
      processor: cpus()[0]?.model ?? '',
      /** Of the last minute, five and fifteen: above the number of cores others were busy too. */
      load: loadavg(),
      /** Below 0: this run went before others. */
      nice: getPriority(),
      quick: values.quick,
    },
    lines: measured.map(({ what, ours, against, ...line }) => ({
      what: what.trim(),
      ...line,
      medians: judge({ what, ours, against, ...line }),
      samples: { ours, against },
    })),
  }
}

async function earlier(): Promise<Result[]> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Result[]
  } catch {
    return []
  }
}
