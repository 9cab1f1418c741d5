import { existsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { RealDisk } from '../../src/server/store/disk.ts'
import { freshFolder } from './support.ts'

const disk = new RealDisk()

describe('a folder is made', () => {
  test('with its parents, for its owner only, at once by several, and again', async () => {
    const folder = join(await freshFolder(), 'a', 'b', 'c')
    await Promise.all([disk.makeFolder(folder), disk.makeFolder(folder), disk.makeFolder(join(folder, 'd'))])
    await disk.makeFolder(folder)
    expect(await disk.list(folder)).toEqual(['d'])
    if (process.platform !== 'win32') expect(statSync(folder).mode & 0o777).toBe(0o700)
  })

  test('not where a file is in the way', async () => {
    const folder = await freshFolder()
    await disk.makeFolder(folder)
    const file = join(folder, 'file')
    writeFileSync(file, 'words')
    await expect(disk.makeFolder(file)).rejects.toMatchObject({ code: 'EEXIST' })
    await expect(disk.makeFolder(join(file, 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' })
  })

  // Node's own `recursive` asks without end there.
  test.runIf(existsSync('/proc/self'))('not where no folder can be, and says so', async () => {
    await expect(disk.makeFolder('/proc/none/below')).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
