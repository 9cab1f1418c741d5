import { crc32, deflateSync } from 'node:zlib'

/** A voicemail to listen to: a soft tone that comes and goes, 8 kHz mono, `seconds` long. */
export function wav(seconds: number): Buffer {
  const rate = 8000
  const samples = Math.max(1, Math.round(seconds * rate))
  const file = Buffer.alloc(44 + samples * 2)
  file.write('RIFF', 0, 'latin1')
  file.writeUInt32LE(36 + samples * 2, 4)
  file.write('WAVEfmt ', 8, 'latin1')
  file.writeUInt32LE(16, 16)
  file.writeUInt16LE(1, 20)
  file.writeUInt16LE(1, 22)
  file.writeUInt32LE(rate, 24)
  file.writeUInt32LE(rate * 2, 28)
  file.writeUInt16LE(2, 32)
  file.writeUInt16LE(16, 34)
  file.write('data', 36, 'latin1')
  file.writeUInt32LE(samples * 2, 40)
  for (let i = 0; i < samples; i++) {
    const loudness = 0.25 * (1 - Math.cos((2 * Math.PI * i) / rate))
    file.writeInt16LE(Math.round(loudness * 12_000 * Math.sin((2 * Math.PI * 220 * i) / rate)), 44 + i * 2)
  }
  return file
}

/** A photo to look at: a gradient of `size` × `size` pixels. */
export function png(size = 96): Buffer {
  const rows = Buffer.alloc(size * (1 + size * 3))
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const at = y * (1 + size * 3) + 1 + x * 3
      rows[at] = 60 + Math.round((x / size) * 140)
      rows[at + 1] = 120 + Math.round((y / size) * 100)
      rows[at + 2] = 200 - Math.round((x / size) * 80)
    }
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(size, 0)
  header.writeUInt32BE(size, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}
