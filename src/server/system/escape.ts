/**
 * Characters that can end a line, move a cursor or turn reading direction: a text that carries them could forge a log
 * line or lie about what it says. Control characters (C0, DEL, C1), line and paragraph separators, the bidirectional
 * controls, and halves of surrogate pairs. Joiners stay: emoji and Persian need them.
 */
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** The text on one line, with nothing in it that a terminal acts upon. What was escaped once stays as it is. */
export function oneLine(text: string): string {
  return text.replace(UNSAFE, (c) => NAMED[c] ?? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
