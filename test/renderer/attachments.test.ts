import { beforeEach, describe, expect, test, vi } from 'vitest'
import { Attachments } from '../../src/renderer/src/state/attachments.ts'
import type { RequestInput } from '../../src/shared/contract.ts'
import { MemoryStorage } from './storage.ts'

/** As a browser reads files, which Node does not. */
class Reader {
  result: string | null = null
  onload: (() => void) | null = null
  onerror: (() => void) | null = null
  readAsDataURL(file: File): void {
    void file.arrayBuffer().then((bytes) => {
      this.result = `data:${file.type};base64,${Buffer.from(bytes).toString('base64')}`
      if (file.name === 'gone.png') this.onerror?.()
      else this.onload?.()
    })
  }
}

function attachments() {
  const asked: RequestInput<'media.add'>[] = []
  const files = new Attachments('test', (input) => {
    asked.push(input)
    const hash = String(asked.length).padStart(64, '0')
    return Promise.resolve(
      input.name === 'bad.html'
        ? { ok: false, error: { code: 'not_possible', message: 'It is not taken.' } }
        : { ok: true, value: { hash, size: 3, content_type: 'image/png' } },
    )
  })
  return { files, asked }
}
const file = (name: string, size = 3) => new File([new Uint8Array(size)], name, { type: 'image/png' })

beforeEach(() => {
  vi.stubGlobal('localStorage', new MemoryStorage())
  vi.stubGlobal('FileReader', Reader)
})

describe('attached files', () => {
  test('are handed over in order, and are there after a reload', async () => {
    const { files, asked } = attachments()
    const adding = files.add('ann', 'sms', [file('a.png'), file('b.png')])
    expect(files.adding.get('ann')).toBe(2)
    expect(await adding).toBe('')
    expect(files.adding.get('ann')).toBe(0)
    expect(asked.map(({ name, data, medium }) => [name, data, medium])).toEqual([
      ['a.png', 'AAAA', 'sms'],
      ['b.png', 'AAAA', 'sms'],
    ])
    const { files: reloaded } = attachments()
    expect(reloaded.of('ann').map(({ name }) => name)).toEqual(['a.png', 'b.png'])
    reloaded.remove('ann', 0)
    expect(
      attachments()
        .files.of('ann')
        .map(({ name }) => name),
    ).toEqual(['b.png'])
    reloaded.set('ann', [])
    expect(attachments().files.of('ann')).toEqual([])
  })

  test('that can’t go say why by their name, and the others are attached', async () => {
    const { files, asked } = attachments()
    expect(await files.add('ann', 'sms', [file('bad.html'), file('b.png')])).toBe(
      'bad.html: It is not taken.',
    )
    expect(await files.add('ann', 'sms', [file('film.png', 5_000_001)])).toContain(
      'film.png: The file is larger than 5 MB',
    )
    expect(await files.add('ann', 'sms', [file('bad.html'), file('big.png', 5_000_001)])).toBe(
      'bad.html: It is not taken. big.png: The file is larger than 5 MB, and Twilio takes none.',
    )
    expect(await files.add('ann', 'sms', [file('gone.png')])).toBe('gone.png: The file could not be read.')
    expect(files.of('ann').map(({ name }) => name)).toEqual(['b.png'])
    expect(asked.map(({ name }) => name)).toEqual(['bad.html', 'b.png', 'bad.html'])
  })

  test('are ten at most', async () => {
    const { files } = attachments()
    const many = Array.from({ length: 11 }, (_, n) => file(`${String(n)}.png`))
    expect(await files.add('ann', 'sms', many)).toContain('At most 10 files')
    expect(files.of('ann')).toHaveLength(10)
    expect(await files.add('ben', 'whatsapp', many)).toBe(
      'One file goes with a WhatsApp message. Send the rest with others.',
    )
    expect(files.of('ben')).toHaveLength(1)
    expect(files.hashes()).toHaveLength(11)
  })

  test('are no more than go with a message when they are pasted one upon the other', async () => {
    const { files } = attachments()
    const said = await Promise.all([
      files.add('ben', 'whatsapp', [file('a.png')]),
      files.add('ben', 'whatsapp', [file('b.png')]),
    ])
    expect(said).toEqual(['', 'One file goes with a WhatsApp message. Send the rest with others.'])
    expect(files.of('ben')).toHaveLength(1)
  })

  test('of a message that is written anew come along, each once', async () => {
    const { files } = attachments()
    await files.add('ann', 'sms', [file('a.png')])
    const [own] = files.of('ann').map((one) => one.file)
    const lost = { hash: 'f'.repeat(64), size: 3, content_type: 'application/pdf' }
    for (let press = 0; press < 2; press += 1) files.bring('ann', own ? [own, lost] : [], 'sms')
    expect(files.of('ann').map(({ name }) => name)).toEqual(['a.png', 'PDF'])
    expect(
      attachments()
        .files.of('ann')
        .map(({ file: { hash } }) => hash),
    ).toEqual([own?.hash, lost.hash])
    // One goes with a WhatsApp message: what is there stays, and why the other does not come is said.
    expect(files.bring('ben', [lost], 'whatsapp')).toBe('')
    expect(files.bring('ben', [{ ...lost, hash: 'e'.repeat(64) }], 'whatsapp')).toMatch(/^One file goes/)
    expect(files.of('ben').map(({ file }) => file)).toEqual([lost])
  })

  test('that something else wrote into the browser’s storage count as none', () => {
    for (const text of ['{', '{}', '[1]', '[{"name":"a","file":{"hash":"../x"}}]']) {
      localStorage.setItem('test/ann', text)
      expect(attachments().files.of('ann'), text).toEqual([])
    }
  })
})
