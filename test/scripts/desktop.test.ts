import { describe, expect, test } from 'vitest'
import {
  desktopArgs,
  explainEnd,
  explainInstall,
  Handshake,
  needsBuild,
  STALL_MS,
  StallWatch,
} from '../../scripts/lib/desktop.mjs'

describe('which arguments the desktop app takes', () => {
  test('those it shares with serve, in either way of writing them', () => {
    expect(desktopArgs([])).toEqual({ args: [] })
    expect(desktopArgs(['--webhook-port', '0', '--data=/a b'])).toEqual({
      args: ['--webhook-port=0', '--data=/a b'],
    })
  })
  test('any other means that only the browser console will do', () => {
    expect(desktopArgs(['--json'])).toEqual({ because: '--json is for the browser console' })
    expect(desktopArgs(['--data', '/a', '--simulator'])).toEqual({
      because: '--simulator is for the browser console',
    })
  })
})

describe('when the app is built', () => {
  test('a part is missing, or a source is newer than any part', () => {
    expect(needsBuild([1], [])).toBe(true)
    expect(needsBuild([1], [5, undefined])).toBe(true)
    expect(needsBuild([1, 6], [5, 9])).toBe(true)
    expect(needsBuild([1, 5], [5, 9])).toBe(false)
  })
})

describe('a download', () => {
  test('that brings bytes goes on as long as it likes', () => {
    const watch = new StallWatch()
    for (let minute = 0; minute < 60; minute += 1) expect(watch.isStuck(minute, minute * 59_000)).toBe(false)
  })
  test('that brings none for a minute is stuck', () => {
    const watch = new StallWatch()
    expect(watch.isStuck(10, 1000)).toBe(false)
    expect(watch.isStuck(10, 1000 + STALL_MS - 1)).toBe(false)
    expect(watch.isStuck(10, 1000 + STALL_MS)).toBe(true)
  })
  test('that fails is explained', () => {
    expect(explainInstall('stalled', '')).toBe('Electron’s download stood still for 60 seconds')
    expect(explainInstall('failed', 'RequestError: getaddrinfo ENOTFOUND x')).toMatch(/can’t be reached/)
    expect(explainInstall('failed', 'HTTPError: Response code 403 (Forbidden)')).toMatch(/answered 403/)
    expect(explainInstall('failed', 'no idea')).toBe('Electron could not be fetched')
  })
})

describe('why Electron ended', () => {
  test.each([
    [
      'electron: error while loading shared libraries: libnss3.so: cannot open shared object file',
      /lacks the library libnss3\.so/,
    ],
    ['[1:ERROR:ozone_platform_x11.cc(240)] Missing X server or $DISPLAY', /there is no display/],
    ['FATAL:setuid_sandbox_host.cc The SUID sandbox helper binary was found', /sandbox/],
    ['[FATAL:electron_main_delegate.cc] Running as root without --no-sandbox is not supported', /as root/],
    ['spawn /x/electron EACCES', /may not be run/],
    ['spawn /x/electron ENOENT', /is gone/],
  ])('%s', (stderr, words) => {
    expect(explainEnd({ code: 1, signal: null, stderr })).toMatch(words)
  })
  test('says the code or the signal when it says nothing else', () => {
    expect(explainEnd({ code: 133, signal: null, stderr: '' })).toBe('Electron ended with code 133')
    expect(explainEnd({ code: null, signal: 'SIGTRAP', stderr: '' })).toBe('Electron was ended by SIGTRAP')
  })
})

describe('the hand-shake', () => {
  test('painted: it runs, and ends as Electron ends', () => {
    const handshake = new Handshake()
    expect(handshake.decide({ kind: 'line', text: 'something else' })).toBeNull()
    expect(handshake.decide({ kind: 'line', text: '{"event":"painted"}' })).toEqual({ kind: 'running' })
    expect(handshake.decide({ kind: 'exit', code: 3, signal: null })).toEqual({ kind: 'ended', exitCode: 3 })
  })
  test('none in time: the browser, and why', () => {
    expect(new Handshake().decide({ kind: 'late' })).toEqual({
      kind: 'browser',
      because: 'The desktop window can’t be opened (its window did not come within 20 seconds)',
    })
  })
  test('an end before it, with a missing library: the browser, and its name', () => {
    const handshake = new Handshake()
    handshake.decide({ kind: 'stderr', text: 'error while loading shared ' })
    handshake.decide({ kind: 'stderr', text: 'libraries: libgtk-3.so.0: cannot open' })
    expect(handshake.decide({ kind: 'exit', code: 127, signal: null })).toEqual({
      kind: 'browser',
      because:
        'The desktop window can’t be opened (this system lacks the library libgtk-3.so.0 that Electron needs)',
    })
  })
  test('another Switchboard came to the front: that is success', () => {
    expect(new Handshake().decide({ kind: 'line', text: '{"event":"handed-over"}' })).toEqual({
      kind: 'ended',
      exitCode: 0,
    })
  })
  test('a data folder it may not open: no browser console either', () => {
    const line = JSON.stringify({ event: 'refused', because: 'in use' })
    expect(new Handshake().decide({ kind: 'line', text: line })).toEqual({ kind: 'ended', exitCode: 1 })
  })
  test('closed by the person before it had painted: the end', () => {
    expect(new Handshake().decide({ kind: 'exit', code: 0, signal: null })).toEqual({
      kind: 'ended',
      exitCode: 0,
    })
  })
})
