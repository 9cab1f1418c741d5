/** The contract's `app.…` requests: what only the program around the page can do. */
import type { App, NativeTheme, Shell, WebContents } from 'electron'
import { z } from 'zod'
import {
  type AppView,
  requestSchemas,
  type Request,
  type RequestEnvelope,
  type RequestName,
  type Result,
  type Results,
} from '../shared/contract.ts'
import { APP_SCHEME, MEDIA_HOST } from './console-address.ts'
import { openLink, linkRefusal } from './external-links.ts'
import type { ConsoleHost } from './host.ts'
import { answering, failure } from './ipc-handlers.ts'
import type { AppRequests } from './ipc-transport.ts'
import { canSetLoginItem, setLoginItem } from './login-item.ts'
import type { Preferences } from './preferences.ts'

export interface AppRequestsOptions {
  app: Pick<App, 'setLoginItemSettings'>
  nativeTheme: Pick<NativeTheme, 'themeSource'>
  shell: Pick<Shell, 'openExternal' | 'openPath'>
  platform: NodeJS.Platform
  host: ConsoleHost
  preferences: Preferences
  /** The page has shown itself and come through to us and back: the start is a success. */
  painted: () => void
  setZoom: (factor: number) => void
  /** Where the browser console is when the app starts; null while it is off. */
  browserConsole: string | null
}

interface BrowserConsole {
  url: string | null
}

type AppName = Extract<RequestName, `app.${string}`>
type AppHandlers = {
  [Name in AppName]: (input: Request<Name>, from: WebContents) => Promise<Result<Results[Name]>>
}

const DONE = { ok: true, value: {} } as const

export function createAppRequests(options: AppRequestsOptions): AppRequests {
  const browserConsole: BrowserConsole = { url: options.browserConsole }
  const handlers: AppHandlers = {
    'app.painted': async () => {
      options.painted()
      return DONE
    },
    'app.open_folder': async ({ what }) => {
      const problem = await options.shell.openPath(options.host.folders[what])
      return problem === '' ? DONE : refused(`The folder could not be opened: ${problem}`)
    },
    'app.save_file': async ({ hash, name }, from) => {
      if ((await options.host.media(hash)) === null) return refused('The file is not here any more.')
      from.downloadURL(`${APP_SCHEME}://${MEDIA_HOST}/${hash}?name=${encodeURIComponent(name)}`)
      return DONE
    },
    'app.open_link': async ({ url }) => {
      const why = linkRefusal(url)
      if (why !== null) return refused(`The link is not opened: ${why}.`)
      await openLink(options.shell, url)
      return DONE
    },
    'app.get': async () => ({ ok: true, value: viewOf(options, browserConsole.url) }),
    'app.set': (input) => setPreference(options, browserConsole, input),
  }

  return (envelope, from) => {
    if (!isAppName(envelope.name)) return null
    return answer(handlers, envelope.name, envelope, from)
  }
}

function isAppName(name: string): name is AppName {
  return name.startsWith('app.') && Object.hasOwn(requestSchemas, name)
}

async function answer<Name extends AppName>(
  handlers: AppHandlers,
  name: Name,
  { input }: RequestEnvelope,
  from: WebContents,
): Promise<Result<unknown>> {
  const schema: z.ZodType<Request<Name>> = requestSchemas[name] as never
  const parsed = schema.safeParse(input)
  if (!parsed.success) return failure({ code: 'bad_request', message: z.prettifyError(parsed.error) })
  return answering(() => handlers[name](parsed.data, from))
}

function viewOf({ platform, preferences: { values } }: AppRequestsOptions, url: string | null): AppView {
  return {
    login_item: canSetLoginItem(platform) ? values.login_item : null,
    close_to_tray: values.close_to_tray,
    browser_console: url !== null,
    browser_console_url: url,
  }
}

const zoom = z.number().min(0.5).max(3)
const theme = z.enum(['system', 'light', 'dark'])
const closing = z.enum(['ask', 'tray', 'quit'])

async function setPreference(
  { app, host, nativeTheme, platform, preferences, setZoom }: AppRequestsOptions,
  browserConsole: BrowserConsole,
  { key, value }: Request<'app.set'>,
): Promise<Result<Record<string, never>>> {
  switch (key) {
    case 'zoom': {
      const factor = zoom.safeParse(value)
      if (!factor.success) return refused('The zoom is a number from 0.5 to 3.')
      setZoom(factor.data)
      return DONE
    }
    case 'theme': {
      const source = theme.safeParse(value)
      if (!source.success) return refused('The theme is system, light or dark.')
      nativeTheme.themeSource = source.data
      await preferences.set({ theme: source.data })
      return DONE
    }
    case 'close_to_tray': {
      // A switch in Settings knows two positions; the question itself a third.
      const means = closing.safeParse(typeof value === 'boolean' ? (value ? 'tray' : 'quit') : value)
      if (!means.success) return refused('Closing the window can mean tray, quit or ask.')
      await preferences.set({ close_to_tray: means.data })
      return DONE
    }
    case 'login_item': {
      if (typeof value !== 'boolean') return refused('Starting with the system is on or off.')
      if (!setLoginItem(app, platform, value)) {
        return refused(
          'On Linux, add Switchboard to the programs your desktop starts: its settings have the list.',
        )
      }
      await preferences.set({ login_item: value })
      return DONE
    }
    case 'browser_console': {
      if (typeof value !== 'boolean') return refused('The browser console is on or off.')
      browserConsole.url = await host.setBrowserConsole(value)
      await preferences.set({ browser_console: value })
      return DONE
    }
    default:
      return key satisfies never
  }
}

function refused(what: string): Result<never> {
  return failure({ code: 'not_possible', message: what })
}
