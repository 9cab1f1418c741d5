import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLogFolder, RealDisk } from '../../src/server/store/index.ts'
import { createLogFile, type LogFolder } from '../../src/server/system/index.ts'

/** A folder in memory whose writes fail while `broken` says so. */
function memoryFolder() {
  const files = new Map<string, string>()
  const state = { broken: false }
  const folder: LogFolder = {
    append: async (name, bytes) => {
      await Promise.resolve()
      if (state.broken) throw new Error('ENOSPC')
      const text = (files.get(name) ?? '') + Buffer.from(bytes).toString()
      files.set(name, text)
      return Buffer.byteLength(text)
    },
    rename: async (from, to) => {
      await Promise.resolve()
      const text = files.get(from)
      if (text === undefined) return
      files.set(to, text)
      files.delete(from)
    },
  }
  return { files, state, folder }
}

describe('the log file', () => {
  it('keeps every line in order over rotations, each file within its size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.string({ maxLength: 30 }), { maxLength: 8 }), { maxLength: 20 }),
        async (bursts) => {
          const { files, folder } = memoryFolder()
          const { sink, flush } = createLogFile({ folder, maxBytes: 120, files: 1_000 })
          const all: string[] = []
          for (const [b, burst] of bursts.entries()) {
            for (const [n, text] of burst.entries()) {
              const line = `${b}.${n} ${text.replaceAll(/[^ -~]/g, '?')}\n`
              all.push(line)
              sink(line)
            }
            if (b % 2) await flush()
          }
          await flush()
          const names = [...files.keys()].sort(
            (a, b) => Number(b.split('.')[2] ?? 0) - Number(a.split('.')[2] ?? 0),
          )
          expect(names.map((name) => files.get(name)).join('')).toBe(all.join(''))
          for (const text of files.values()) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(120)
        },
      ),
    )
  })

  it('keeps five files and no more', async () => {
    const { files, folder } = memoryFolder()
    const { sink, flush } = createLogFile({ folder, maxBytes: 10 })
    for (let n = 0; n < 20; n++) {
      sink(`line ${n}\n`)
      await flush()
    }
    expect([...files.keys()].sort()).toEqual([
      'switchboard.log',
      ...[1, 2, 3, 4].map((n) => `switchboard.log.${n}`),
    ])
    expect(files.get('switchboard.log')).toBe('line 19\n')
    expect(files.get('switchboard.log.4')).toBe('line 15\n')
  })

  it('goes on after a disk that failed, and says how many lines are missing', async () => {
    const { files, state, folder } = memoryFolder()
    const { sink, flush } = createLogFile({ folder })
    state.broken = true
    sink('2025-01-15T10:00:00.000Z [info] one\n')
    sink('2025-01-15T10:00:00.000Z [info] two\n')
    await flush()
    state.broken = false
    sink('2025-01-15T10:00:01.000Z [info] three\n')
    await flush()
    expect(files.get('switchboard.log')).toBe(
      '2025-01-15T10:00:01.000Z [warn] 2 lines of this log could not be written\n2025-01-15T10:00:01.000Z [info] three\n',
    )
  })

  it('is on the disk for its owner alone', async () => {
    const root = await mkdtemp(join(tmpdir(), 'switchboard-log-'))
    try {
      const folder = join(root, 'logs')
      const { sink, flush } = createLogFile({
        folder: createLogFolder(new RealDisk(), folder),
        maxBytes: 20,
        files: 2,
      })
      for (const n of [1, 2, 3]) {
        sink(`line number ${n}\n`)
        await flush()
      }
      expect(await readFile(join(folder, 'switchboard.log'), 'utf8')).toBe('line number 3\n')
      expect(await readFile(join(folder, 'switchboard.log.1'), 'utf8')).toBe('line number 2\n')
      if (process.platform !== 'win32') {
        expect((await stat(join(folder, 'switchboard.log'))).mode & 0o777).toBe(0o600)
        expect((await stat(folder)).mode & 0o777).toBe(0o700)
      }
    } finally {
      await rm(root, { recursive: true })
    }
  })
})
