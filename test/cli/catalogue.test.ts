import { describe, expect, it } from 'vitest'
import type { GapChange } from '../../src/shared/documents.ts'
import {
  listSettings,
  oneSetting,
  parseSetting,
  settingOf,
  settingValues,
} from '../../src/server/settings/catalogue.ts'
import { checkReplySetting, isReplyWords } from '../../src/server/replies/index.ts'

let order = 0
const change = (key: string, value_ms: number | null): GapChange => ({
  _id: String(++order),
  key,
  value_ms,
  at: '2025-01-15T10:00:00.000Z',
  order,
  dated_for: [],
})
const none = new Map<string, unknown>()

describe('settings', () => {
  it('reads gaps as people write them', () => {
    expect(parseSetting('sessions.gap', '10m')).toEqual({
      kind: 'gap',
      key: 'sessions.gap',
      value_ms: 600_000,
    })
    const own = 'channels.+15703251809.sessions.gap.whatsapp'
    expect(parseSetting(own, '1h')).toEqual({ kind: 'gap', key: own, value_ms: 3_600_000 })
    expect(parseSetting(own, 'default')).toEqual({ kind: 'gap', key: own, value_ms: null })
    expect(parseSetting(own, null)).toEqual({ kind: 'gap', key: own, value_ms: null })
  })

  it('refuses what is none, and says what it may be', () => {
    expect(() => parseSetting('sessions.gap', 'soon')).toThrow('soon is not')
    expect(() => parseSetting('sessions.gap', '0s')).toThrow('0s is not')
    expect(() => parseSetting('sessions.gap', '25h')).toThrow('25h is not')
    expect(() => parseSetting('sessions.gap.fax', '5m')).toThrow('There is no setting sessions.gap.fax')
    expect(() => parseSetting('privacy.log_bodies', 'maybe')).toThrow(
      'privacy.log_bodies cannot be maybe: it is either true or false.',
    )
    expect(() => parseSetting('constructor', 'x')).toThrow('There is no setting')
  })

  it('reads values from text and as they are', () => {
    expect(parseSetting('privacy.log_bodies', 'false')).toMatchObject({ value: false })
    expect(parseSetting('privacy.log_bodies', false)).toMatchObject({ value: false })
    expect(parseSetting('replies.greeting', 'Hello there')).toMatchObject({ value: 'Hello there' })
    expect(parseSetting('replies.greeting', 'default')).toMatchObject({ value: null })
    // Only words can be none; they are kept letter by letter.
    const replies = { check: checkReplySetting, isWords: isReplyWords }
    expect(parseSetting('replies.greeting', '"12"', replies)).toMatchObject({ value: '"12"' })
    expect(parseSetting('replies.limit', '12', replies)).toMatchObject({ value: 12 })
    expect(parseSetting('replies.greeting', '', replies)).toMatchObject({ value: '' })
    expect(parseSetting('replies.limit', '', replies)).toMatchObject({ value: null })
    expect(parseSetting('replies.hours', '{"mon":["9-17"]}')).toMatchObject({ value: { mon: ['9-17'] } })
  })

  it('lists what holds: the most specific, the default, the latest', () => {
    const gaps = [
      change('sessions.gap', 600_000),
      change('sessions.gap.sms', 60_000),
      change('sessions.gap.sms', null),
      change('channels.+15550001.sessions.gap', 120_000),
      change('regroup', 1_000),
    ]
    const settings = new Map<string, unknown>([['privacy.log_numbers', false]])
    const listed = listSettings(gaps, settings).map((s) => [s.key, s.value, s.default, s.set])
    // What the desktop app acts on has a default each and is listed before the privacy.
    const isDesktops = ([key]: unknown[]) => /^(notifications|power)\./.test(String(key))
    expect(listed.filter(isDesktops)).toEqual([
      ['notifications.enabled', true, true, false],
      ['notifications.preview', true, true, false],
      ['notifications.sound', true, true, false],
      ['notifications.quiet_hours', '', '', false],
      ['power.keep_awake', false, false, false],
    ])
    expect(listed.filter((one) => !isDesktops(one))).toEqual([
      ['sessions.gap', '10m', '5m', true],
      ['sessions.gap.sms', '10m', '10m', false],
      ['sessions.gap.whatsapp', '10m', '10m', false],
      ['sessions.gap.voice', '10m', '10m', false],
      ['channels.+15550001.sessions.gap', '2m', '10m', true],
      ['privacy.log_bodies', true, true, false],
      ['privacy.log_numbers', false, true, true],
    ])
    expect(oneSetting('channels.+15550001.sessions.gap.voice', gaps, none)).toMatchObject({
      value: '2m',
      set: false,
    })
    expect(() => oneSetting('nothing', gaps, none)).toThrow('There is no setting nothing')
    expect(settingOf('privacy.log_numbers', none)).toBe(true)
    expect(
      settingValues(
        new Map<string, unknown>([
          ['replies.hours', 9],
          ['templates', []],
        ]),
      ),
    ).toMatchObject({
      'privacy.log_bodies': true,
      'privacy.log_numbers': true,
      'replies.hours': 9,
    })
  })
})
