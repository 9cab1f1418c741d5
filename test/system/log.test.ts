import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SwitchboardError } from '../../src/shared/errors.ts'
import {
  createLog,
  type LogPrivacy,
  manualClock,
  maskPerson,
  oneLine,
} from '../../src/server/system/index.ts'

const clock = manualClock(Date.parse('2025-01-15T10:00:00Z'))

function logInto(lines: string[], privacy?: () => LogPrivacy) {
  return createLog({ clock, sinks: [(line) => lines.push(line)], ...(privacy ? { privacy } : {}) })
}

describe('a log line', () => {
  it('is the brief’s, after the time', () => {
    const lines: string[] = []
    const log = logInto(lines)
    log.info(
      `SMS received from ${log.person('+1234567890')} to ${log.person('+15703251809')}: ${log.body('Hello')}`,
    )
    expect(lines).toEqual([
      '2025-01-15T10:00:00.000Z [info] SMS received from +1234567890 to +15703251809: Hello\n',
    ])
  })

  it('can’t be forged by what somebody wrote', () => {
    const lines: string[] = []
    const log = logInto(lines)
    log.info(log.body('Hi\r\n2025-01-15T10:00:00.000Z [error] forged\u2028x\u001b[31m\u202eabc'))
    expect(lines).toEqual([
      '2025-01-15T10:00:00.000Z [info] Hi\\r\\n2025-01-15T10:00:00.000Z [error] forged\\u2028x\\u001b[31m\\u202eabc\n',
    ])
  })

  it('is one line of printable, well-formed text for any text at all', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.array(fc.integer({ min: 0, max: 0xffff })),
        (text, units) => {
          const lines: string[] = []
          logInto(lines).warn(text + String.fromCharCode(...units))
          const [line = ''] = lines
          const isPlain = !/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(line.slice(0, -1))
          return line.endsWith('\n') && isPlain && line.isWellFormed()
        },
      ),
    )
  })

  it('escapes once: what is escaped stays as it is, and ordinary text too', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => oneLine(oneLine(text)) === oneLine(text)))
    expect(oneLine('Grüße, 你好 👩‍👩‍👧 C:\\new')).toBe('Grüße, 你好 👩‍👩‍👧 C:\\new')
  })

  it('hides numbers and bodies from the moment the setting says so', () => {
    const lines: string[] = []
    const privacy = { numbers: true, bodies: true }
    const log = logInto(lines, () => privacy)
    const say = () => log.info(`${log.person('+1234567890')}: ${log.body('Hello 👋 you')}`)
    say()
    privacy.numbers = privacy.bodies = false
    say()
    expect(lines.map((line) => line.slice(32).trim())).toEqual([
      '+1234567890: Hello 👋 you',
      '+1••••••890: (11 characters)',
    ])
    expect(maskPerson('Ann Lee')).toBe('•••')
    expect(maskPerson('12345')).toBe('•••')
  })

  it('tells the reason of an error, of a known one in its own sentence', () => {
    const lines: string[] = []
    const log = logInto(lines)
    log.error('Could not save', new SwitchboardError('disk_full'))
    log.error('Defect', new Error('boom', { cause: new Error('spark') }))
    expect(lines[0]).toContain('[error] Could not save: The disk is full')
    expect(lines[1]).toMatch(/\[error\] Defect: Error: boom\\n.* at .*Error: spark/)
  })

  it('leaves debug out unless asked, cuts what is too long, and outlives a sink that throws', () => {
    const lines: string[] = []
    const log = createLog({
      clock,
      sinks: [
        () => {
          throw new Error('no sink')
        },
        (line) => lines.push(line),
      ],
    })
    log.debug('unheard')
    log.info('x'.repeat(70_000))
    expect(lines).toHaveLength(1)
    expect(lines[0]?.length).toBeLessThan(9_000)
    expect(lines[0]).toContain('(62000 characters more)')
  })
})

describe('stderr', () => {
  it('never stops the loop when nobody reads it', async () => {
    const script = `
      import { createLog, stderrSink, systemClock } from './src/server/system/index.ts'
      const log = createLog({ clock: systemClock, sinks: [stderrSink()] })
      for (let n = 0; n < 20000; n++) log.info('x'.repeat(500))
      setTimeout(() => { console.log('alive'); process.exit() }, 20)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [said] = (await once(child.stdout, 'data')) as [Buffer]
    expect(said.toString()).toBe('alive\n')
    child.kill()
  })
})
