import type { TunnelView, WayView } from '../../shared/live.ts'

/** A way from the internet to the webhook port, and to nothing else, while it is open. */
export interface OpenTunnel {
  /** The public address, without a trailing slash. */
  readonly url: string
  /** False: its server gave another name than the one asked for. */
  readonly isAsAsked: boolean
  /** Called once when it is known to be gone, with why in a few words. */
  onLost(listener: (reason: string) => void): void
  close(): void
}

/** What opens ways of one kind. */
export interface Provider {
  /** Rejects with why in a few words. Aborted: whatever still opens is closed again by whoever asked. */
  open(signal: AbortSignal): Promise<OpenTunnel>
}

/** Whether an address leads to this very console; where not, why, in a few words. */
export type Proof = { ok: true } | { ok: false; reason: string }

/** Holds a way open: checked from outside, closed and opened again when it does not lead here. */
export interface TunnelSupervisor {
  view(): TunnelView
  /** The addresses Twilio may call us by: the present one first, former ones for an hour after they were replaced. */
  bases(): readonly string[]
  /** The present address once it was proved to lead here (an operator's own: at once): what Twilio may be told to call. */
  callbackBase(): string | undefined
  /** From now on this way; the same again changes nothing. */
  open(way: WayView): void
  close(): void
  /** Does now what is waited for: the next try, or a fresh check, whatever is under way (the computer may have slept). */
  retry(): void
  onChange(listener: (view: TunnelView) => void): () => void
}
