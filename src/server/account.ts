import { SwitchboardError } from '../shared/errors.ts'

/** Who may use Twilio's account: passed in, for the desktop app has a key store and a server has its environment. */
export interface Credentials {
  /** Without it webhooks are taken, and nothing can be sent. */
  accountSid?: string
  authToken: string
}

/** Keeps the account's SID and token where it is safe, and nowhere else: not in the data folder, logs, or a reply. */
export interface AccountKeeper {
  /** Undefined: none is entered. Asked for each request, so that it may change while the program runs. */
  current(): Credentials | undefined
  /** Where it is kept now; `environment` can't be changed. */
  readonly kept: 'none' | 'environment' | 'key_store' | 'in_memory'
  /** What else is to be said of it, e.g. that it has to be entered again; empty when there is nothing. */
  readonly sentence: string
  /** Resolves when it is kept. Throws SwitchboardError account_fixed where it can't be changed. */
  set(credentials: Required<Credentials> | undefined): Promise<void>
}

/** Set from outside, by the environment: it can't be changed from a screen. */
export function fixedAccount(credentials: Credentials | undefined): AccountKeeper {
  return {
    current: () => credentials,
    kept: 'environment',
    sentence: 'The environment sets the account: TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN.',
    set: () => Promise.reject(new SwitchboardError('account_fixed')),
  }
}

/** Without a key store: forgotten when the program ends, for a token in a file would be no secret. */
export function accountInMemory(): AccountKeeper {
  let credentials: Credentials | undefined
  return {
    current: () => credentials,
    get kept() {
      return credentials ? 'in_memory' : 'none'
    },
    get sentence() {
      return credentials
        ? 'The token is kept in memory only and forgotten when Switchboard ends. The desktop app has a key store, and TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN set it from outside.'
        : ''
    },
    set: (given) => {
      credentials = given
      return Promise.resolve()
    },
  }
}
