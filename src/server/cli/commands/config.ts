import type { Command } from 'commander'
import { listSettings, oneSetting, parseSetting, type SettingView } from '../../settings/catalogue.ts'
import type { GapChange } from '../../../shared/documents.ts'
import { SwitchboardError } from '../../../shared/errors.ts'
import { table } from '../table.ts'
import { change, type Common, common, type Context, dataFolder, outputFor } from './context.ts'

const GAPS =
  'The gap is the silence after which a new session starts. The most specific setting wins:\n' +
  '  channels.<number>.sessions.gap.<type>, channels.<number>.sessions.gap, sessions.gap.<type>, sessions.gap\n' +
  'A change holds from now on; `switchboard regroup` groups what was before anew.'

export function configCommands(program: Command, context: Context): void {
  const { terminal, backstage } = context
  const config = program
    .command('config')
    .summary('read and change settings')
    .description('Reads and changes settings.')

  const get = config
    .command('get')
    .summary('show settings with their defaults')
    .description('Shows all settings, or one, with what they are now and what they are when nobody set them.')
    .argument('[key]', 'a setting, e.g. sessions.gap')
  common(
    get,
    terminal,
    [
      ['config get', 'all of them'],
      [
        'config get sessions.gap --json',
        '{"key":"sessions.gap","value":"5m","default":"5m","set":false,"description":"…"}',
      ],
    ],
    'With --json: {"settings":[…]}, each {"key","value","default","set","description"}; with a key that one alone.',
  ).action(async (key: string | undefined, options: Common) => {
    const { gaps, settings } = await stored(options)
    const output = outputFor(terminal, options)
    if (key !== undefined) {
      const one = oneSetting(key, gaps, settings)
      await output.result(one, () => text(one.value))
      return
    }
    const all = listSettings(gaps, settings)
    await output.result({ settings: all }, () => settingTable(all))
  })

  const set = config
    .command('set')
    .summary('change a setting')
    .description('Changes a setting. The value `default` takes it back.')
    .argument('<key>', 'a setting; `switchboard config get` lists them')
    .argument('<value>', 'a gap such as 5m, 300s or 1h; true or false; default')
  common(
    set,
    terminal,
    [
      ['config set sessions.gap 10m', 'a new session after ten minutes of silence'],
      ['config set channels.+15703251809.sessions.gap.whatsapp 1h', 'another gap for WhatsApp on one number'],
      ['config set privacy.log_bodies false', 'keep what people write out of the log'],
    ],
    GAPS,
  ).action(async (key: string, value: string, options: Common) => {
    // Looked at here first, so that a wrong one is refused before any folder is opened.
    parseSetting(key, value)
    const one = (await change(context, options, 'config.set', { key, value })) as SettingView
    await outputFor(terminal, options).result(
      one,
      () => `${key} is ${text(one.value)}${one.set ? '' : ' (the default)'} now.`,
    )
  })

  async function stored(options: Common): Promise<Stored> {
    try {
      const reader = await backstage.read(dataFolder(terminal, options), (text) =>
        outputFor(terminal, options).note(text),
      )
      return { gaps: reader.gaps(), settings: reader.settings() }
    } catch (error) {
      // Before the first start everything is as it is by default.
      if (error instanceof SwitchboardError && error.code === 'no_data')
        return { gaps: [], settings: new Map() }
      throw error
    }
  }
}

interface Stored {
  gaps: readonly GapChange[]
  settings: ReadonlyMap<string, unknown>
}

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

function settingTable(settings: readonly SettingView[]): string {
  return table(
    ['SETTING', 'VALUE', 'DEFAULT', 'WHAT IT DOES'],
    settings.map((s) => [s.key, text(s.value), s.set ? text(s.default) : '', s.description]),
  )
}
