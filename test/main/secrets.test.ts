/** electron.md 11. */
import { describe, expect, test, vi } from 'vitest'
import { Secrets, SECRETS_SENTENCES } from '../../src/main/secrets.ts'
import type { OwnFile } from '../../src/main/own-files.ts'

const credentials = { accountSid: `AC${'0'.repeat(32)}`, authToken: 'a-token-of-these-tests' }

function memoryFile(text: string | null = null): OwnFile & { text: string | null } {
  const file = {
    text,
    read: () => Promise.resolve(file.text),
    write: (given: string) => {
      file.text = given
      return Promise.resolve()
    },
  }
  return file
}

function keyStore(backend: 'gnome_libsecret' | 'kwallet6' | 'basic_text' | 'unknown', isAvailable = true) {
  const flip = (text: string) => Buffer.from(text).map((byte) => byte ^ 0x55)
  return {
    getSelectedStorageBackend: () => backend,
    isAsyncEncryptionAvailable: () => Promise.resolve(isAvailable),
    encryptStringAsync: vi.fn((text: string) => Promise.resolve(Buffer.from(flip(text)))),
    decryptStringAsync: vi.fn((sealed: Buffer) =>
      Promise.resolve({
        result: Buffer.from(sealed.map((byte) => byte ^ 0x55)).toString(),
        shouldReEncrypt: false,
      }),
    ),
  }
}

describe('with a key store', () => {
  test('the account is kept, encrypted, beside the store’s name', async () => {
    const file = memoryFile()
    const secrets = new Secrets(keyStore('gnome_libsecret'), file, 'linux')
    expect(await secrets.set(credentials)).toBe('kept')
    expect(file.text).not.toContain(credentials.authToken)
    expect(JSON.parse(file.text ?? '')).toMatchObject({ backend: 'gnome_libsecret' })

    const again = new Secrets(keyStore('gnome_libsecret'), file, 'linux')
    await again.load()
    expect(again.credentials).toEqual(credentials)
    expect(again.state).toBe('kept')
  })
  test('another store means: enter it again, without asking that store', async () => {
    const file = memoryFile()
    await new Secrets(keyStore('gnome_libsecret'), file, 'linux').set(credentials)
    const other = keyStore('kwallet6')
    const secrets = new Secrets(other, file, 'linux')
    await secrets.load()
    expect([secrets.credentials, secrets.state]).toEqual([null, 'enter_again'])
    expect(other.decryptStringAsync).not.toHaveBeenCalled()
  })
  test.each(['', 'not json', '{"backend":"gnome_libsecret","ciphertext":"AAAA"}', '[]'])(
    'a file that says %j means the same, and no crash',
    async (text) => {
      const secrets = new Secrets(keyStore('gnome_libsecret'), memoryFile(text), 'linux')
      await secrets.load()
      expect([secrets.credentials, secrets.state]).toEqual([null, 'enter_again'])
    },
  )
  test('taking it away leaves nothing behind', async () => {
    const file = memoryFile()
    const secrets = new Secrets(keyStore('kwallet6'), file, 'linux')
    await secrets.set(credentials)
    expect(await secrets.set(null)).toBe('none')
    expect(file.text).toBe('{}\n')
    const again = new Secrets(keyStore('kwallet6'), file, 'linux')
    await again.load()
    expect([again.credentials, again.state]).toEqual([null, 'none'])
  })
})

describe('without one to trust', () => {
  test.each(['basic_text', 'unknown'] as const)('%s: in memory only, and it says so', async (backend) => {
    const store = keyStore(backend)
    const file = memoryFile()
    const secrets = new Secrets(store, file, 'linux')
    expect(await secrets.set(credentials)).toBe('in_memory')
    expect(secrets.credentials).toEqual(credentials)
    expect(file.text).toBeNull()
    expect(store.encryptStringAsync).not.toHaveBeenCalled()
    expect(SECRETS_SENTENCES.in_memory).toMatch(/forgotten when Switchboard ends/)
  })
  test('what a store kept that is locked now does not come back in the place of what was entered since', async () => {
    const file = memoryFile()
    await new Secrets(keyStore('gnome_libsecret'), file, 'linux').set(credentials)
    const locked = new Secrets(keyStore('gnome_libsecret', false), file, 'linux')
    await locked.load()
    expect(locked.state).toBe('enter_again')
    const other = { accountSid: `AC${'1'.repeat(32)}`, authToken: 'another-token' }
    expect(await locked.set(other)).toBe('in_memory')
    const again = new Secrets(keyStore('gnome_libsecret'), file, 'linux')
    await again.load()
    expect([again.credentials, again.state]).toEqual([null, 'none'])
  })
  test('a store that is there and does not work counts as none', async () => {
    const secrets = new Secrets(keyStore('gnome_libsecret', false), memoryFile(), 'linux')
    expect(await secrets.set(credentials)).toBe('in_memory')
  })
  test('macOS and Windows have theirs, whatever Linux would say', async () => {
    const secrets = new Secrets(keyStore('unknown'), memoryFile(), 'darwin')
    expect(await secrets.set(credentials)).toBe('kept')
  })
})
