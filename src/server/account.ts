/** Who may use Twilio's account: passed in, for the desktop app has a key store and a server has its environment. */
export interface Credentials {
  accountSid: string
  authToken: string
}

/** Keeps the account's SID and token where it is safe, and nowhere else: not in the data folder, logs, or a reply. */
export interface AccountKeeper {
  /** Undefined: none is entered. Asked for each request, so that it may change while the program runs. */
  current(): Credentials | undefined
  /** Where it is kept now; `environment` can't be changed. */
  readonly kept: 'none' | 'environment' | 'key_store' | 'in_memory'
  /** What else is to be said of it, e.g. that it has to be entered again. */
  readonly sentence: string
  /** Resolves when it is kept; rejects with SwitchboardError not_possible where it can't be changed. */
  set(credentials: Credentials | undefined): Promise<void>
}
