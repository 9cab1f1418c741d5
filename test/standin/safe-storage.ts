import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import type * as Electron from 'electron'
import { host } from './host.ts'
import { type Impl, strict } from './strict.ts'

type Backend = ReturnType<Electron.SafeStorage['getSelectedStorageBackend']>
const BACKENDS: readonly Backend[] = [
  'basic_text',
  'gnome_libsecret',
  'kwallet',
  'kwallet5',
  'kwallet6',
  'unknown',
]

/** As Electron chooses on Linux: --password-store, here the back end's own name; basic_text on a machine without. */
function backend(): Backend {
  if (!host.isReady) return 'unknown'
  const asked = host.switches.get('password-store') ?? process.env['STANDIN_PASSWORD_STORE'] ?? 'basic_text'
  return BACKENDS.find((name) => name === asked) ?? 'basic_text'
}

/** Each back end has a key of its own, so that what one encrypted the other can't read. */
function key(): Buffer {
  return createHash('sha256').update(`standin ${backend()}`).digest()
}

const FAILED = 'Error while decrypting the ciphertext provided to safeStorage.decryptStringAsync.'

export const safeStorage = strict('safeStorage', {
  getSelectedStorageBackend: backend,
  isAsyncEncryptionAvailable: () => Promise.resolve(host.isReady),
  async encryptStringAsync(text) {
    const start = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', key(), start)
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return Buffer.concat([Buffer.from('v11'), start, cipher.getAuthTag(), sealed])
  },
  async decryptStringAsync(sealed) {
    try {
      const decipher = createDecipheriv('aes-256-gcm', key(), sealed.subarray(3, 15))
      decipher.setAuthTag(sealed.subarray(15, 31))
      const result = Buffer.concat([decipher.update(sealed.subarray(31)), decipher.final()]).toString('utf8')
      return { result, shouldReEncrypt: false }
    } catch {
      throw new Error(FAILED)
    }
  },
} satisfies Impl<Electron.SafeStorage>)
