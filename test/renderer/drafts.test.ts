import { afterEach, expect, test, vi } from 'vitest'
import { Drafts } from '../../src/renderer/src/state/drafts.ts'
import { MemoryStorage } from './storage.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

test('what did not arrive comes behind what is being written, which stays', () => {
  vi.stubGlobal('localStorage', new MemoryStorage())
  const drafts = new Drafts('drafts')
  drafts.bring('a/sms/+1', 'Yes, until six.')
  expect(drafts.texts.get('a/sms/+1')).toBe('Yes, until six.')
  drafts.set('a/sms/+1', 'half a sentence')
  for (let press = 0; press < 2; press += 1) drafts.bring('a/sms/+1', 'Yes, until six.')
  expect(drafts.texts.get('a/sms/+1')).toBe('half a sentence\nYes, until six.')
})

test('what did not arrive is brought though what is being written ends with the same letters', () => {
  vi.stubGlobal('localStorage', new MemoryStorage())
  const drafts = new Drafts('drafts')
  drafts.set('a/sms/+1', 'Have a look')
  for (let press = 0; press < 2; press += 1) drafts.bring('a/sms/+1', 'ok')
  expect(drafts.texts.get('a/sms/+1')).toBe('Have a look\nok')
})

test('a picture without words that did not arrive leaves what is being written as it is', () => {
  vi.stubGlobal('localStorage', new MemoryStorage())
  const drafts = new Drafts('drafts')
  drafts.set('a/sms/+1', 'half a sentence')
  drafts.bring('a/sms/+1', '')
  expect(drafts.texts.get('a/sms/+1')).toBe('half a sentence')
})
