// Neither byte occurs in UTF-8, so they can mark what is not text.
const SID = 0xff
const ID = 0xfe
const SID_PATTERN = /^[A-Z]{2}[0-9a-f]{32}$/
const ID_PATTERN = /^[0-9a-f]{24}$/
const SID_BYTES = 19
const ID_BYTES = 13

/** A text as bytes: UTF-8, but Twilio's SIDs and our ids as the numbers they are, in half the room. */
export function packText(text: string): Buffer {
  if (text.length === 34 && SID_PATTERN.test(text)) {
    const bytes = Buffer.allocUnsafe(SID_BYTES)
    bytes[0] = SID
    bytes.write(text.slice(0, 2), 1, 'latin1')
    bytes.write(text.slice(2), 3, 'hex')
    return bytes
  }
  if (text.length === 24 && ID_PATTERN.test(text)) {
    const bytes = Buffer.allocUnsafe(ID_BYTES)
    bytes[0] = ID
    bytes.write(text, 1, 'hex')
    return bytes
  }
  return Buffer.from(text)
}

export function unpackText(bytes: Buffer, from: number, to: number): string {
  const mark = bytes[from]
  if (mark === SID) return bytes.toString('latin1', from + 1, from + 3) + bytes.toString('hex', from + 3, to)
  if (mark === ID) return bytes.toString('hex', from + 1, to)
  return bytes.toString('utf8', from, to)
}
