import { describe, expect, test } from 'vitest'
import type { PhoneView, SettingsView } from '../../../src/shared/contract.ts'
import { inHand, madeUp, phonesOf } from '../../../src/renderer/src/pages/phone/phones.ts'
import {
  isHours,
  isKeywords,
  readStretches,
  sayStretches,
  usualHours,
} from '../../../src/renderer/src/pages/settings/answerShapes.ts'
import {
  followed,
  gapInForce,
  gapKey,
  gapWords,
  generalGap,
} from '../../../src/renderer/src/pages/settings/gaps.ts'

const settings = (gaps: Record<string, string>): SettingsView => ({
  gaps,
  gap_default: '5m',
  values: {},
  channels: [],
})

describe('gaps', () => {
  test('are said in words', () => {
    expect(['90s', '5m', '1h', '1500ms', 'none'].map(gapWords)).toEqual([
      '1 min 30 s',
      '5 min',
      '1 h',
      '1500 ms',
      'none',
    ])
  })
  test('have the names the settings have', () => {
    expect(gapKey(null, null)).toBe('sessions.gap')
    expect(gapKey(null, 'sms')).toBe('sessions.gap.sms')
    expect(gapKey('+1', null)).toBe('channels.+1.sessions.gap')
    expect(gapKey('+1', 'voice')).toBe('channels.+1.sessions.gap.voice')
  })
  test('that are not set follow the most exact one that is', () => {
    const set = settings({
      'sessions.gap': '10m',
      'sessions.gap.sms': '1h',
      'channels.+1.sessions.gap': '2m',
    })
    expect(generalGap(settings({}))).toBe('5m')
    expect(followed(set, null, 'sms')).toBe('10m')
    expect(followed(set, '+2', 'sms')).toBe('1h')
    expect(followed(set, '+2', 'voice')).toBe('10m')
    expect(followed(set, '+1', 'sms')).toBe('2m')
    expect(followed(set, '+1', null)).toBe('10m')
    const own = settings({ ...set.gaps, 'channels.+1.sessions.gap.sms': '90s' })
    expect((['sms', 'whatsapp'] as const).map((medium) => gapInForce(own, '+1', medium))).toEqual([
      '90s',
      '2m',
    ])
    expect(gapInForce(own, '+2', 'sms')).toBe('1h')
  })
})

describe('opening hours', () => {
  test('are read as they are said', () => {
    const day = [
      { from: '09:00', to: '12:30' },
      { from: '14:00', to: '18:00' },
    ]
    expect(readStretches('9:00-12:30, 14:00 to 18:00')).toEqual(day)
    expect(readStretches(sayStretches(day))).toEqual(day)
    expect(readStretches('Closed')).toEqual([])
    expect(readStretches('9-18, 22:30–2')).toEqual([
      { from: '09:00', to: '18:00' },
      { from: '22:30', to: '02:00' },
    ])
    for (const text of ['9', '9-', '9-25', '9:60-10', '24:30-25', '9-9', '9-12-14', 'noon'])
      expect(readStretches(text), text).toBeNull()
  })
  test('and keywords of another shape are not taken for them', () => {
    expect(isHours(usualHours())).toBe(true)
    expect([null, {}, { days: {}, closed: '' }].some(isHours)).toBe(false)
    expect(isKeywords([{ words: ['a'], answer: 'b' }])).toBe(true)
    expect([null, [{ words: 'a', answer: 'b' }], [{}]].some(isKeywords)).toBe(false)
  })
})

describe('test phones', () => {
  const view: PhoneView = {
    running: true,
    now: '2026-11-20T10:00:00.000Z',
    business: '+15705550100',
    phones: [
      { number: '+1234567890', label: 'Ann', lines: [] },
      { number: '+15550100001', label: '+15550100001', lines: [] },
    ],
  }
  test('added ones stand after those the simulation knows, each once', () => {
    const held = {
      chosen: '+15550100002',
      added: ['+15550100001', '+15550100002'],
      seen: {},
      ways: {},
      fresh: false,
    }
    const phones = phonesOf(view, held)
    expect(phones.map(({ label }) => label)).toEqual(['Ann', 'Phone 2', 'Phone 3'])
    expect(inHand(phones, held)?.number).toBe('+15550100002')
    expect(inHand(phones, { ...held, chosen: null })?.label).toBe('Ann')
  })
  test('get a number nobody has', () => {
    expect(madeUp(['+15550100001'])).toBe('+15550100002')
  })
})
