/** A way from the internet to the webhook port, and to nothing else. */
export interface Tunnel {
  /** The public address while it is up, without a trailing slash. */
  readonly url: string | undefined
  close(): void
}

export interface TunnelEvents {
  /** It is up; the address may be another than before. */
  onUp(url: string): void
  /** It is down, in a few words; it is being opened again. */
  onDown(reason: string): void
}
