import { afterEach, expect, test, vi } from 'vitest'
import { Attachments } from '../../src/renderer/src/state/attachments.ts'
import { Drafts } from '../../src/renderer/src/state/drafts.ts'
import { keptHere, keptInWindow } from '../../src/renderer/src/state/kept.ts'
import { keptOpened } from '../../src/renderer/src/state/opened.ts'
import { MemoryStorage } from './storage.ts'

/** As browsers forbid it: naming it throws. */
function forbid(): void {
  for (const name of ['localStorage', 'sessionStorage'])
    Object.defineProperty(globalThis, name, {
      configurable: true,
      get: () => {
        throw new DOMException('The operation is insecure.', 'SecurityError')
      },
    })
}

/** Full: what is there can be read, and nothing more goes in. */
class FullStorage extends MemoryStorage {
  override setItem(): void {
    throw new DOMException('The quota has been exceeded.', 'QuotaExceededError')
  }
}

function fill(): void {
  const full = new FullStorage()
  MemoryStorage.prototype.setItem.call(full, 'drafts/a', 'kept from before')
  vi.stubGlobal('localStorage', full)
  vi.stubGlobal('sessionStorage', new FullStorage())
}

afterEach(() => {
  for (const name of ['localStorage', 'sessionStorage']) Reflect.deleteProperty(globalThis, name)
  vi.unstubAllGlobals()
})

test.each([
  ['forbidden', forbid, undefined],
  ['full', fill, 'kept from before'],
])('with a storage that is %s the page works, and forgets at a reload only', (_, spoil, before) => {
  spoil()
  const drafts = new Drafts('drafts')
  expect(drafts.texts.get('a')).toBe(before)
  drafts.set('a', 'a new text')
  expect(drafts.texts.get('a')).toBe('a new text')
  drafts.set('a', '')
  const attachments = new Attachments('files', () => new Promise(() => undefined))
  const file = { hash: 'a'.repeat(64), size: 1, content_type: 'image/png' }
  attachments.set('a', [{ name: 'rim.png', file }])
  expect(attachments.of('a')).toHaveLength(1)
  const opened = keptOpened('opened')
  opened.set({ ids: ['one'], current: 'one' })
  expect(opened.get().current).toBe('one')
  expect(() => keptInWindow.set('world', 'simulation')).not.toThrow()
  expect(keptInWindow.get('world')).toBeNull()
})

test('what is kept is found again, by what its name begins with', () => {
  vi.stubGlobal('localStorage', new MemoryStorage())
  keptHere.set('drafts/a', 'one')
  keptHere.set('drafts/b', '')
  keptHere.set('theme', 'dark')
  expect(keptHere.entries('drafts/')).toEqual([
    ['drafts/a', 'one'],
    ['drafts/b', ''],
  ])
  expect(keptHere.get('theme')).toBe('dark')
  keptHere.remove('theme')
  expect(keptHere.get('theme')).toBeNull()
})
