import type { SafeStorage } from 'electron'
import { z } from 'zod'
import type { Credentials as Account } from '../server/account.ts'
import type { OwnFile } from './own-files.ts'
import { readJson } from './preferences.ts'

const storedSchema = z.object({ backend: z.string(), ciphertext: z.string() })
const credentialsSchema = z.object({ accountSid: z.string().min(1), authToken: z.string().min(1) })

type Credentials = Required<Account>

/** The file of whoever took the account away: nothing is kept, and nothing has to be entered again. */
const NOTHING = '{}\n'

export type SecretsState =
  /** Nothing entered yet. */
  | 'none'
  /** Encrypted on disk by the system's key store. */
  | 'kept'
  /** This system has no key store to trust: forgotten when the app ends. */
  | 'in_memory'
  /** What is on disk can't be read here any more. */
  | 'enter_again'

export const SECRETS_SENTENCES: Readonly<Record<SecretsState, string>> = {
  none: 'No Twilio account is entered yet.',
  kept: 'The Twilio account is kept by this system’s key store.',
  in_memory:
    'This system has no key store, so the Twilio account is forgotten when Switchboard ends. Install GNOME Keyring or KWallet to keep it.',
  enter_again: 'The stored Twilio account can’t be read on this system any more. Enter it again.',
}

type Safe = Pick<
  SafeStorage,
  'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync' | 'getSelectedStorageBackend'
>

/**
 * Twilio's credentials at rest. They leave this module only towards the server: never to a screen, a log or the store.
 *
 * On Linux without a key store Electron encrypts with a key that everybody knows ("basic_text"): that is no secret, so
 * nothing is written then.
 */
export class Secrets {
  #credentials: Credentials | null = null
  #state: SecretsState = 'none'
  readonly #safe: Safe
  readonly #file: OwnFile
  readonly #platform: NodeJS.Platform

  constructor(safe: Safe, file: OwnFile, platform: NodeJS.Platform) {
    this.#safe = safe
    this.#file = file
    this.#platform = platform
  }

  get credentials(): Credentials | null {
    return this.#credentials
  }
  get state(): SecretsState {
    return this.#state
  }

  /** After the app is ready: Electron knows its key store only then. */
  async load(): Promise<void> {
    const text = await this.#file.read()
    if (text === null || text === NOTHING) return
    this.#credentials = await this.#decrypt(text)
    this.#state = this.#credentials ? 'kept' : 'enter_again'
  }

  async set(credentials: Credentials | null): Promise<SecretsState> {
    this.#credentials = credentials
    if (credentials === null) {
      await this.#file.write(NOTHING)
      this.#state = 'none'
    } else if (await this.#isTrusted()) {
      const ciphertext = await this.#safe.encryptStringAsync(JSON.stringify(credentials))
      await this.#file.write(
        `${JSON.stringify({ backend: this.#backend(), ciphertext: ciphertext.toString('base64') })}\n`,
      )
      this.#state = 'kept'
    } else {
      // What is there is of an account before this one: it must not come back at the next start.
      if (((await this.#file.read()) ?? NOTHING) !== NOTHING) await this.#file.write(NOTHING)
      this.#state = 'in_memory'
    }
    return this.#state
  }

  async #decrypt(text: string): Promise<Credentials | null> {
    const stored = storedSchema.safeParse(readJson(text))
    // Another key store than the one that encrypted it can't open it; asking would only show a dialog of the system's.
    if (!stored.success || stored.data.backend !== this.#backend() || !(await this.#isTrusted())) return null
    try {
      const { result } = await this.#safe.decryptStringAsync(Buffer.from(stored.data.ciphertext, 'base64'))
      return credentialsSchema.parse(JSON.parse(result))
    } catch {
      return null
    }
  }

  async #isTrusted(): Promise<boolean> {
    if (['basic_text', 'unknown'].includes(this.#backend())) return false
    return this.#safe.isAsyncEncryptionAvailable()
  }

  #backend(): string {
    return this.#platform === 'linux' ? this.#safe.getSelectedStorageBackend() : this.#platform
  }
}
