import { describe, expect, it } from 'vitest'
import { SwitchboardError } from '../../src/shared/errors.ts'
import { defaultDataFolder } from '../../src/server/cli/data-folder.ts'
import { fakeBackstage, recorder, runCommand } from './fake-terminal.ts'

const COMMANDS = [
  ['serve'],
  ['sessions'],
  ['messages'],
  ['config', 'get'],
  ['config', 'set'],
  ['import'],
  ['backup'],
  ['restore'],
  ['verify'],
  ['regroup'],
  ['simulate', 'sms'],
  ['simulate', 'whatsapp'],
  ['simulate', 'voice'],
]

describe('help', () => {
  it.each(COMMANDS)('of %s %s teaches: --data with its default, --json, an example', async (...command) => {
    const { code, out } = await runCommand([...command, '--help'])
    expect(code).toBe(0)
    expect(out).toContain('--data <dir>')
    expect(out).toContain('--json')
    expect(out.replaceAll(/\s+/g, ' ')).toContain('/home/ann/.config/Switchboard/data')
    expect(out).toContain(`$ switchboard ${command.join(' ')}`)
  })

  it('begins with what to do first', async () => {
    const { code, out } = await runCommand(['--help'])
    expect(code).toBe(0)
    expect(out).toContain('$ switchboard serve --simulator')
    expect(await runCommand(['--version'])).toMatchObject({ code: 0, out: '1.2.3\n' })
  })
})

describe('wrong usage ends with 2 and says what is wrong', () => {
  it.each([
    [[], 'Usage: switchboard'],
    [['nope'], "unknown command 'nope'"],
    [['sessions', '--nope'], "unknown option '--nope'"],
    [['sessions', 'extra'], 'too many arguments'],
    [['sessions', '--type', 'fax'], 'Allowed choices are sms, whatsapp, voice'],
    [['sessions', '--status', 'asleep'], 'Allowed choices are active, closed'],
    [['sessions', '--limit', '-1'], '--limit'],
    [['sessions', '--since', 'soon'], 'soon is not a time'],
    [['sessions', '--since', '2025-13-45'], '2025-13-45 is not a time'],
    [['messages', '--until', '5'], '5 is not a time'],
    [['serve', '--webhook-port', '65536'], '65535'],
    [['serve', '--webhook-port', 'abc'], '65535'],
    [['serve', '--tunnel', 'ngrok'], 'Allowed choices are none, localtunnel'],
    [['serve', '--public-url', 'example'], 'https://sms.example.com'],
    [['serve', '--public-url', 'https://example.com/?x=1'], 'something behind the path'],
    [['serve', '--public-url', 'http://example.com'], 'it is not https'],
    [['import'], "missing required argument 'file'"],
    [['import', 'x', '--format', 'xml'], 'Allowed choices are'],
    [['regroup'], "required option '--gap <gap>'"],
    [['regroup', '--gap', '2d'], '2d is not'],
    [['simulate'], 'Usage: switchboard simulate'],
    [['simulate', 'sms', '--body', 'x'], "required option '--from <number>'"],
    [['config', 'set', 'sessions.gap'], "missing required argument 'value'"],
    [['--json'], "unknown option '--json'"],
  ])('%j', async (argv, what) => {
    const { code, err, out } = await runCommand(argv)
    expect(code).toBe(2)
    expect(err).toContain(what)
    expect(out).toBe('')
  })
})

describe('a refusal', () => {
  it('ends with 1, its sentence and code on stderr, with --json as a value too', async () => {
    const backstage = fakeBackstage({
      read: () => Promise.reject(new SwitchboardError('no_data', { data: '/d' })),
    })
    expect(await runCommand(['sessions'], backstage)).toMatchObject({
      code: 1,
      out: '',
      err: 'There is no Switchboard data in /d. (no_data)\n',
    })
    expect(await runCommand(['sessions', '--json'], backstage)).toMatchObject({
      code: 1,
      json: [{ error: { code: 'no_data', message: 'There is no Switchboard data in /d.' } }],
    })
  })

  it('of a wrong setting comes before anything is opened', async () => {
    expect(await runCommand(['config', 'set', 'sessions.gap', 'soon'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('(bad_gap)') as unknown,
    })
    expect(await runCommand(['config', 'set', 'nothing', 'x'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('(no_such_setting)') as unknown,
    })
  })

  it('tells of a defect without hiding it', async () => {
    const { code, err } = await runCommand(['sessions'])
    expect(code).toBe(1)
    expect(err).toContain('the command was not expected to do this')
  })
})

describe('commands that change something', () => {
  it('say what is to be done, by whom, where', async () => {
    const { calls, backstage } = recorder({
      errors: [],
      problems: [],
      ok: true,
      messages: 0,
      sessions: 0,
      taken: 1,
      known: 0,
      refused: 0,
      bytes: 1,
    })
    await runCommand(['import', 'a/b.json', '--dry-run', '--format', 'twilio', '--data', 'd'], backstage)
    await runCommand(['backup'], backstage)
    await runCommand(['backup', '--out', 'x.backup'], backstage)
    await runCommand(['verify', '--repair'], backstage)
    await runCommand(['regroup', '--gap', '90s', '--channel', '+1 (570) 325-1809'], backstage)
    await runCommand(['config', 'set', 'privacy.log_bodies', 'false'], backstage)
    await runCommand(
      [
        'simulate',
        'whatsapp',
        '--from',
        'whatsapp:+1234567890',
        '--body',
        'Hi',
        '--at',
        '2025-01-15T10:00:00Z',
      ],
      backstage,
    )
    const home = '/home/ann/.config/Switchboard/data'
    expect(calls).toEqual([
      ['import', { file: '/work/a/b.json', format: 'twilio', dry_run: true }, 'anyone', '/work/d'],
      ['backup', {}, 'anyone', home],
      ['backup', { out: '/work/x.backup' }, 'anyone', home],
      ['verify', { repair: true }, 'anyone', home],
      ['regroup', { gap: '90s', channel: '+15703251809', dry_run: false }, 'anyone', home],
      ['config.set', { key: 'privacy.log_bodies', value: 'false' }, 'anyone', home],
      [
        'simulate',
        { type: 'whatsapp', from: '+1234567890', body: 'Hi', at: 1_736_935_200_000 },
        'onlyRunning',
        home,
      ],
    ])
  })

  it('an import ends with its result, and tells what it could not read', async () => {
    const result = {
      format: 'twilio',
      dry_run: false,
      read: 3,
      taken: 1,
      known: 1,
      other: 0,
      refused: 1,
      errors: [{ line: 2, reason: 'this is not JSON' }],
    }
    const { backstage } = recorder(result)
    expect(await runCommand(['import', 'x', '--json'], backstage)).toMatchObject({
      code: 0,
      json: [result],
      err: expect.stringContaining('"event":"progress"') as unknown,
    })
    expect(await runCommand(['import', 'x'], backstage)).toMatchObject({
      code: 0,
      out: '1 message taken, 1 were there already, 1 could not be taken (twilio).\n',
      err: 'line 2: this is not JSON\n',
    })
    const watched = await runCommand(['import', 'x'], backstage, { isWatched: true })
    expect(watched.err).toContain('\r\u001b[K50 %  1 read\r\u001b[K')
  })

  it('verify ends with 1 when something is damaged', async () => {
    const { backstage } = recorder({
      ok: false,
      messages: 3,
      sessions: 1,
      problems: [{ where: 'messages/000001.json', what: 'the checksum is wrong', repaired: false }],
    })
    const { code, err } = await runCommand(['verify'], backstage)
    expect(code).toBe(1)
    expect(err).toBe('messages/000001.json: the checksum is wrong\n')
  })
})

describe('the default data folder', () => {
  it('is the desktop app’s on every system', () => {
    expect(
      defaultDataFolder({ platform: 'linux', home: '/home/ann', env: { XDG_CONFIG_HOME: '/cfg' } }),
    ).toBe('/cfg/Switchboard/data')
    expect(defaultDataFolder({ platform: 'darwin', home: '/Users/ann', env: {} })).toBe(
      '/Users/ann/Library/Application Support/Switchboard/data',
    )
    expect(
      defaultDataFolder({ platform: 'win32', home: 'C:\\Users\\ann', env: { APPDATA: 'D:\\Roaming' } }),
    ).toBe('D:\\Roaming\\Switchboard\\data')
  })
})
