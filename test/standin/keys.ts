import type { KeyboardInputEvent } from 'electron'
import type { Protocol } from './cdp.ts'

const MODIFIERS: Readonly<Record<string, number>> = { alt: 1, control: 2, ctrl: 2, meta: 4, cmd: 4, shift: 8 }
const CODES: Readonly<Record<string, [code: string, virtualKey: number]>> = {
  '?': ['Slash', 191],
  PageUp: ['PageUp', 33],
  PageDown: ['PageDown', 34],
  Left: ['ArrowLeft', 37],
  Right: ['ArrowRight', 39],
}

/** Electron's key event as Chromium's. */
export function keyEvent({
  type,
  keyCode,
  modifiers = [],
}: KeyboardInputEvent): Protocol.Input.dispatchKeyEventParameters {
  const letter = keyCode.toUpperCase()
  const [code, windowsVirtualKeyCode] = CODES[keyCode] ?? [`Key${letter}`, letter.charCodeAt(0)]
  return {
    type: type === 'keyUp' ? 'keyUp' : 'rawKeyDown',
    // Electron's names of the longer keys are the page's, but for the arrows.
    key: keyCode.length > 1 ? code : keyCode.toLowerCase(),
    code,
    windowsVirtualKeyCode,
    modifiers: modifiers.reduce((sum, name) => sum | (MODIFIERS[name] ?? 0), 0),
  }
}
