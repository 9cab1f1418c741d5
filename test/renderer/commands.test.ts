import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { commandLine, shellWord } from '../../src/renderer/src/pages/settings/commands.ts'

test('a command names the data folder it is for', () => {
  expect(commandLine('verify', '/home/kettle/data')).toBe(
    'npx --no-install switchboard verify --data /home/kettle/data',
  )
  expect(commandLine('verify', undefined)).toBe('npx --no-install switchboard verify')
})

test
  .skipIf(process.platform === 'win32')
  .each([
    '/home/kettle/data',
    '/Users/kettle/Library/Application Support/Switchboard/data',
    '/tmp/Ann\'s $HOME `x` "data" \\ *',
    '/srv/größe; true',
  ])('a shell reads %j as one word', (path) => {
  expect(execFileSync('/bin/sh', ['-c', `printf %s ${shellWord(path)}`]).toString()).toBe(path)
})

test('a path of Windows is quoted as both its shells take it', () => {
  expect(shellWord('C:\\data')).toBe('C:\\data')
  expect(shellWord('C:\\Users\\Ann K\\data')).toBe('"C:\\Users\\Ann K\\data"')
  expect(shellWord('\\\\server\\our data')).toBe('"\\\\server\\our data"')
})
