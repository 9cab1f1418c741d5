import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { backstage } from '../../src/server/cli/wiring.ts'
import { runCommand } from './fake-terminal.ts'

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'switchboard-export-'))
  await writeFile(join(home, 'twilio.json'), JSON.stringify({ messages: MESSAGES }))
  await switchboard('one', 'import', 'twilio.json')
})
afterEach(async () => {
  await rm(home, { recursive: true, force: true, maxRetries: 5 })
})

const switchboard = (data: string, ...args: string[]) =>
  runCommand([...args, '--data', join(home, data)], backstage(), { cwd: home, home })
const written = (name: string) => readFile(join(home, name), 'utf8')

const ANN = '+1234567890'
const SHOP = '+15703251809'
const HOSTILE = '=HYPERLINK("http://example.invalid","<script>alert(1)</script>")\r\nsecond, line “quoted”'

const message = (n: number, minute: number, body: string, inbound = true) => ({
  sid: `SM${String(n).padStart(32, '0')}`,
  from: inbound ? ANN : SHOP,
  to: inbound ? SHOP : ANN,
  body,
  direction: inbound ? 'inbound' : 'outbound-api',
  status: inbound ? 'received' : 'delivered',
  num_media: '0',
  date_created: new Date(Date.UTC(2025, 0, 15, 10, minute)).toUTCString(),
  date_sent: new Date(Date.UTC(2025, 0, 15, 10, minute)).toUTCString(),
})
const MESSAGES = [
  message(1, 0, 'Hello'),
  message(2, 1, 'Hi, what can we do for you?', false),
  message(3, 20, HOSTILE),
]

describe('export', () => {
  it('writes documents that another folder takes in again, the same to the last field that counts', async () => {
    const { code, json } = await switchboard('one', 'export', '--out', 'all.jsonl', '--json')
    expect(code).toBe(0)
    expect(json.at(-1)).toMatchObject({ format: 'json', sessions: 2, messages: 3 })
    expect((json.at(-1) as { bytes: number }).bytes).toBe((await stat(join(home, 'all.jsonl'))).size)
    expect((await switchboard('two', 'import', 'all.jsonl')).code).toBe(0)
    const shown = async (data: string) =>
      (await switchboard(data, 'messages', '--json')).json.map(
        ({ sid, content, sender, createdAt, contact }) => ({
          sid,
          content,
          sender,
          createdAt,
          contact,
        }),
      )
    expect(await shown('two')).toEqual(await shown('one'))
    expect((await switchboard('two', 'sessions', '--json')).json).toHaveLength(2)
  })

  it('writes to stdout without --out', async () => {
    const { out } = await switchboard('one', 'export')
    const lines = out.trimEnd().split('\n')
    expect(
      lines.map((line) => Object.keys(JSON.parse(line) as object)).filter((k) => k.includes('sender')),
    ).toHaveLength(3)
  })

  it('writes a table every spreadsheet reads, in which nothing a stranger wrote is a formula', async () => {
    await switchboard('one', 'export', '--format', 'csv', '--out', 'all.csv')
    const rows = parse<Record<string, string>>(await written('all.csv'), { columns: true, bom: true })
    expect(rows.map(({ text }) => text)).toEqual(['Hello', 'Hi, what can we do for you?', `'${HOSTILE}`])
    expect(rows[0]).toMatchObject({ medium: 'sms', your_number: SHOP, contact: ANN, sender: 'contact' })
  })

  it('writes a page that shows words as words', async () => {
    await switchboard('one', 'export', '--format', 'html', '--out', 'all.html')
    const html = await written('all.html')
    expect(html).not.toContain('<script')
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(html.match(/<section>/g)).toHaveLength(2)
    expect(html.indexOf('Hello')).toBeLessThan(html.indexOf('HYPERLINK'))
  })

  it('takes one session, or a time', async () => {
    const [newest] = (await switchboard('one', 'sessions', '--json')).json
    const one = await switchboard('one', 'export', '--session', String(newest?.['_id']), '--format', 'csv')
    expect(parse(one.out, { columns: true, bom: true })).toHaveLength(1)
    const late = await switchboard('one', 'export', '--since', '2025-01-15T10:01:00Z', '--format', 'csv')
    expect(parse(late.out, { columns: true, bom: true })).toHaveLength(2)
    expect((await switchboard('one', 'export', '--session', 'none')).err).toContain(
      'There is no session none',
    )
  })

  it('leaves what was there and nothing else behind when it can’t write', async () => {
    await writeFile(join(home, 'kept.csv'), 'before')
    const failed = await switchboard('one', 'export', '--out', join('no-such-folder', 'all.jsonl'))
    expect([failed.code, failed.err]).toEqual([1, expect.stringContaining('disk_failed')])
    const refused = await switchboard('one', 'export', '--format', 'html', '--json')
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('--out')])
    expect(await written('kept.csv')).toBe('before')
    expect((await readdir(home)).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })
})
