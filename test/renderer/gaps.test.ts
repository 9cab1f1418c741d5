import { expect, test } from 'vitest'
import { typedGap } from '../../src/renderer/src/pages/settings/gaps.ts'

test.each([
  ['7', '7m'],
  ['1.5', '1.5m'],
  ['90s', '90s'],
  ['1h30m', '1h30m'],
  ['soon', 'soon'],
])('typed beside presets of minutes, %j is %j', (text, gap) => expect(typedGap(text)).toBe(gap))
