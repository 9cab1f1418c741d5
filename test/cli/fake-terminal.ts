import { SwitchboardError } from '../../src/shared/errors.ts'
import type { Backstage } from '../../src/server/cli/backstage.ts'
import type { Terminal } from '../../src/server/cli/io.ts'
import { run } from '../../src/server/cli/program.ts'

export interface Ran {
  code: number
  out: string
  err: string
  /** stdout's lines as JSON. */
  json: Record<string, unknown>[]
}

const unasked = (): Promise<never> => Promise.reject(new Error('the command was not expected to do this'))

/** Everything refused, but for what a test gives. */
export function fakeBackstage(given: Partial<Backstage> = {}): Backstage {
  return {
    read: unasked,
    save: unasked,
    now: () => new Date('2025-01-15T12:00:00.000Z'),
    write: unasked,
    serve: unasked,
    restore: unasked,
    ...given,
  }
}

/** A backstage that remembers what it was asked to change, and answers with `result`. */
export function recorder(result: unknown = {}) {
  const calls: [command: string, args: unknown, who: string, data: string][] = []
  const backstage = fakeBackstage({
    write: (data, who) =>
      Promise.resolve({
        call: (command, args, progress) => {
          calls.push([command, args, who, data])
          progress({ read: 1, bytes: 1, total_bytes: 2, refused: 0 })
          return result instanceof SwitchboardError ? Promise.reject(result) : Promise.resolve(result)
        },
        close: () => Promise.resolve(),
      }),
  })
  return { calls, backstage }
}

export async function runCommand(
  argv: string[],
  backstage: Backstage = fakeBackstage(),
  terminal: Partial<Terminal> = {},
): Promise<Ran> {
  let out = ''
  let err = ''
  const code = await run(
    argv,
    {
      stdout: (text) => {
        out += text
        return Promise.resolve()
      },
      stderr: (text) => {
        err += text
      },
      isWatched: false,
      env: {},
      platform: 'linux',
      home: '/home/ann',
      cwd: '/work',
      onStop: () => {},
      ...terminal,
    },
    backstage,
    '1.2.3',
  )
  const json = argv.includes('--json')
    ? out
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Record<string, unknown>)
    : []
  return { code, out, err, json }
}
