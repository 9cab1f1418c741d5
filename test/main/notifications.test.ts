/** Whom and when the console interrupts. */
import { EventEmitter } from 'node:events'
import { describe, expect, test, vi } from 'vitest'
import { isQuiet, parseQuietHours, readSettings } from '../../src/main/console-settings.ts'
import { createNotifier, mayNotify } from '../../src/main/notifications.ts'
import type { SessionView } from '../../src/shared/contract.ts'
import type { Message } from '../../src/shared/documents.ts'

const settings = readSettings({})
const at = (time: string) => new Date(`2026-01-15T${time}:00`)

describe('notifications', () => {
  const message = (over: Partial<Message> = {}) =>
    ({ sender: 'contact', content: 'Hello', communication_type: 'sms', media: [], ...over }) as Message
  const session = (over: Partial<SessionView['metadata']> = {}, unread_count = 1) =>
    ({
      _id: 's1',
      title: 'SMS from +1',
      contact_name: 'Ann',
      unread_count,
      metadata: { fromNumber: '+1', ...over },
    }) as SessionView

  function notifier(isLookedAt = false, values = {}) {
    const shown: (EventEmitter & { options: object; close: () => void })[] = []
    const open = vi.fn()
    const made = createNotifier({
      create: (options) => {
        const one = Object.assign(new EventEmitter(), {
          options,
          show: () => void shown.push(one),
          close: vi.fn(),
        })
        return one as never
      },
      settings: () => readSettings(values),
      now: () => at('12:00'),
      isLookedAt: () => isLookedAt,
      open,
    })
    return { shown, open, made }
  }

  test('only for what a contact wrote, in a session that is not muted, outside quiet hours', () => {
    const quiet = readSettings({ 'notifications.quiet_hours': '22:00-07:00' })
    const noon = at('12:00')
    expect(mayNotify(message(), session(), settings, noon)).toBe(true)
    expect(mayNotify(message({ sender: 'ai' }), session(), settings, noon)).toBe(false)
    expect(mayNotify(message(), session({ muted: true }), settings, noon)).toBe(false)
    expect(mayNotify(message(), session(), readSettings({ 'notifications.enabled': false }), noon)).toBe(
      false,
    )
    expect(mayNotify(message(), session(), quiet, at('23:00'))).toBe(false)
    expect(mayNotify(message(), session(), quiet, at('06:59'))).toBe(false)
    expect(mayNotify(message(), session(), quiet, at('07:00'))).toBe(true)
  })
  test('none for what nobody has to read: an import is the past, and what was read elsewhere was seen', () => {
    expect(mayNotify(message(), session({}, 0), settings, at('12:00'))).toBe(false)
  })
  test('quiet hours are read strictly', () => {
    expect(parseQuietHours('09:00-17:30')).toEqual({ from: 540, to: 1050 })
    for (const text of ['', '9-17', '24:00-01:00', '10:00-10:00', '10:00-11:00-12:00']) {
      expect(parseQuietHours(text), text).toBeNull()
    }
    expect(isQuiet({ from: 540, to: 1050 }, at('17:29'))).toBe(true)
    expect(isQuiet({ from: 540, to: 1050 }, at('17:30'))).toBe(false)
  })
  test('a place that was sent is called one, and is no attachment', () => {
    const { shown, made } = notifier()
    const params = { Latitude: '52.52', Longitude: '13.405', Label: 'Main station' }
    made.received(message({ content: '', communication_type: 'whatsapp', params }), session())
    expect(shown[0]?.options).toMatchObject({ body: 'Location: Main station' })
  })
  test('a click opens the session; a later message takes the earlier one’s place', () => {
    const { shown, open, made } = notifier()
    made.received(message(), session())
    made.received(message({ content: 'And more' }), session())
    expect(shown.map(({ options }) => options)).toMatchObject([
      { title: 'Ann', body: 'Hello', silent: false },
      { body: 'And more' },
    ])
    expect(shown[0]?.close).toHaveBeenCalledOnce()
    shown[1]?.emit('click')
    expect(open).toHaveBeenCalledExactlyOnceWith('s1')
  })
  test('none while the console is looked at; without words or sound when so set', () => {
    const looking = notifier(true)
    looking.made.received(message(), session())
    expect(looking.shown).toEqual([])
    const { shown, made } = notifier(false, { 'notifications.preview': false, 'notifications.sound': false })
    made.received(message(), session())
    expect(shown[0]?.options).toMatchObject({ body: 'Sent you a message.', silent: true })
  })
  test('a session that was read takes its notification away', () => {
    const { shown, made } = notifier()
    made.received(message(), session())
    made.read('s1')
    expect(shown[0]?.close).toHaveBeenCalledOnce()
  })
})
