/** How much of the internet's attention the webhook port bears. It is reached through a tunnel by anyone. */
export interface Limits {
  /** Refused unsigned requests a minute, after which they are answered 429. Signed ones are never counted. */
  refusedPerMinute: number
  /** Log lines about refusals a minute; the rest are summed up in one line when the minute is over. */
  linesPerMinute: number
  /** Milliseconds within which the headers of a request must have come. */
  headersMs: number
  /** Milliseconds within which a whole request must have come. Twilio sends one in a single packet or two. */
  requestMs: number
  /** Milliseconds a connection may stay open between requests. */
  keepAliveMs: number
  /** Milliseconds of silence after which a connection is closed; above the 15 s that Twilio waits for an answer. */
  silentMs: number
  /** Connections at a time; further ones are closed at once. */
  connections: number
}

export const DEFAULT_LIMITS: Limits = {
  refusedPerMinute: 600,
  linesPerMinute: 20,
  headersMs: 5_000,
  requestMs: 10_000,
  keepAliveMs: 5_000,
  silentMs: 20_000,
  connections: 1_000,
}
