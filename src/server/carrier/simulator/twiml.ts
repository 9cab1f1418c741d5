export interface Verb {
  name: string
  attributes: Readonly<Record<string, string>>
  children: Verb[]
  /** Text directly within, white space at both ends removed. */
  text: string
}

const TOKEN =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[(?<cdata>[\s\S]*?)\]\]>|<(?<close>\/?)(?<name>[A-Za-z][\w:.-]*)(?<attributes>(?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(?<empty>\/?)>|(?<text>[^<]+)/y
const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g

/** Reads an answer's `<Response>`; undefined when it isn't well-formed XML with that root (Twilio error 12100). */
export function readTwiml(xml: string): Verb[] | undefined {
  const root: Verb = { name: '', attributes: {}, children: [], text: '' }
  const open: Verb[] = [root]
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < xml.length) {
    const groups = TOKEN.exec(xml)?.groups
    const parent = open.at(-1)
    if (!groups || !parent) return undefined
    const { name, text, cdata } = groups
    if (name === undefined) {
      parent.text += cdata ?? unescape(text ?? '')
    } else if (groups['close'] === '/') {
      if (open.pop()?.name !== name) return undefined
      parent.text = parent.text.trim()
    } else {
      const verb: Verb = {
        name,
        attributes: readAttributes(groups['attributes'] ?? ''),
        children: [],
        text: '',
      }
      parent.children.push(verb)
      if (groups['empty'] !== '/') open.push(verb)
    }
  }
  const [response] = root.children
  const isWhole = open.length === 1 && root.children.length === 1 && root.text.trim() === ''
  return isWhole && response?.name === 'Response' ? response.children : undefined
}

function readAttributes(source: string): Record<string, string> {
  const attributes: Record<string, string> = {}
  for (const [, name, double, single] of source.matchAll(ATTRIBUTE)) {
    if (name !== undefined) attributes[name] = unescape(double ?? single ?? '')
  }
  return attributes
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function unescape(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      const code =
        hex !== undefined ? Number.parseInt(hex, 16) : decimal !== undefined ? Number(decimal) : undefined
      if (code !== undefined) return code <= 0x10ffff ? String.fromCodePoint(code) : whole
      return ENTITIES[name ?? ''] ?? whole
    },
  )
}
