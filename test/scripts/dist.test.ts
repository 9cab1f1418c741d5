/** electron.md 10: what is asked of the packed Electron, and that it is read back. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { configuration, fuses } from '../../electron-builder.config.mjs'
import { wrongFuses } from '../../scripts/lib/read-fuses.mjs'

const folder = mkdtempSync(join(tmpdir(), 'switchboard-fuses-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** How Electron keeps its fuses in the binary: a sentinel, a version, a length, and a digit each. */
function binaryWith(wire: string): string {
  const file = join(folder, `electron-${wire}`)
  const sentinel = Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX')
  writeFileSync(
    file,
    Buffer.concat([
      Buffer.alloc(100, 'x'),
      sentinel,
      Buffer.from([1, wire.length]),
      Buffer.from(wire),
      Buffer.alloc(100),
    ]),
  )
  return file
}

test('the eight fuses are asked for', () => {
  expect(configuration({}).electronFuses).toBe(fuses)
  expect(fuses).toEqual({
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    grantFileProtocolExtraPrivileges: false,
  })
})

// In the order of the wire: RunAsNode, CookieEncryption, NodeOptions, CliInspect, AsarIntegrity, OnlyAsar, V8Snapshot, FileProtocol.
test('a binary that has them is shipped', async () => {
  expect(await wrongFuses(binaryWith('01001100'), fuses)).toEqual([])
})

test('one that has not is told of, fuse by fuse', async () => {
  expect(await wrongFuses(binaryWith('11001101'), fuses)).toEqual([
    'the fuse runAsNode is on',
    'the fuse grantFileProtocolExtraPrivileges is on',
  ])
  expect(await wrongFuses(binaryWith('0100110'), fuses)).toEqual([
    'the fuse grantFileProtocolExtraPrivileges is not there',
  ])
})

test('only what runs is packed, nothing is published, and the icon is there', () => {
  const config = configuration({})
  expect(config).toMatchObject({ asar: true, publish: null, appId: 'app.switchboard.console' })
  expect(config.files).toEqual(['out/main/**', 'out/preload/**', 'out/renderer/**', 'package.json'])
  expect(readFileSync(String(config.icon)).subarray(1, 4).toString()).toBe('PNG')
})

test('signing is the environment’s', () => {
  expect(configuration({})).toMatchObject({
    forceCodeSigning: false,
    mac: { notarize: false, identity: '-' },
  })
  const signed = configuration({ SWITCHBOARD_SIGN: '1', CSC_LINK: 'x', APPLE_TEAM_ID: 'y' })
  expect(signed).toMatchObject({ forceCodeSigning: true, mac: { notarize: true, hardenedRuntime: true } })
  expect(signed.mac).not.toHaveProperty('identity')
})
