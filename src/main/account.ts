import { type AccountKeeper, type Credentials, fixedAccount } from '../server/account.ts'
import { SECRETS_SENTENCES, type Secrets } from './secrets.ts'

/** The account from the environment goes before the stored one (design §6), which this system's key store keeps. */
export function accountKeeper(env: NodeJS.ProcessEnv, secrets: Secrets): AccountKeeper {
  const fromEnv = credentialsFrom(env)
  return fromEnv ? fixedAccount(fromEnv) : keptAccount(secrets)
}

function keptAccount(secrets: Secrets): AccountKeeper {
  return {
    current: () => secrets.credentials ?? undefined,
    get kept() {
      switch (secrets.state) {
        case 'kept':
          return 'key_store'
        case 'in_memory':
          return 'in_memory'
        case 'none':
        case 'enter_again':
          return 'none'
      }
    },
    get sentence() {
      return secrets.state === 'none' ? '' : SECRETS_SENTENCES[secrets.state]
    },
    async set(credentials) {
      await secrets.set(credentials ?? null)
    },
  }
}

function credentialsFrom(env: NodeJS.ProcessEnv): Credentials | undefined {
  const { TWILIO_ACCOUNT_SID: accountSid, TWILIO_AUTH_TOKEN: authToken } = env
  return accountSid && authToken ? { accountSid, authToken } : undefined
}
