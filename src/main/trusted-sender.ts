import { isConsoleUrl } from './console-address.ts'

/** The parts of Electron's IPC event that tell who is asking. */
export interface SenderEvent {
  readonly senderFrame: { readonly url: string; readonly parent: unknown } | null
  readonly sender: { readonly mainFrame: unknown }
}

/**
 * Whether a message comes from the console's own page.
 *
 * A null frame has navigated away since it asked; a frame that is not the window's main one was put there by somebody
 * else; and a main frame elsewhere is no page of ours.
 */
export function isTrustedSender({ senderFrame, sender }: SenderEvent): boolean {
  return (
    senderFrame !== null &&
    senderFrame.parent === null &&
    senderFrame === sender.mainFrame &&
    isConsoleUrl(senderFrame.url)
  )
}
