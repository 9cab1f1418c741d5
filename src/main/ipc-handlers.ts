import type { IpcMain, IpcMainInvokeEvent } from 'electron'
import type { z } from 'zod'
import type { Failure, Result } from '../shared/contract.ts'
import { SwitchboardError, sentence } from '../shared/errors.ts'
import { isTrustedSender } from './trusted-sender.ts'

export const REFUSED: Result<never> = failure({
  code: 'bad_request',
  message: 'Only the console’s own page may ask.',
})

/**
 * The one way to answer a page: the sender is checked, then the input parsed, and whatever goes wrong comes back as a
 * value, because Electron's own rejection keeps nothing of an error but its text.
 */
export function handleRequests<Schema extends z.ZodType, Answer>(
  ipcMain: Pick<IpcMain, 'handle'>,
  channel: string,
  schema: Schema,
  answer: (input: z.output<Schema>, event: IpcMainInvokeEvent) => Promise<Result<Answer>> | Result<Answer>,
): void {
  ipcMain.handle(channel, async (event, ...args: unknown[]): Promise<Result<Answer>> => {
    if (!isTrustedSender(event)) return REFUSED
    const parsed = schema.safeParse(args[0])
    if (!parsed.success) return failure({ code: 'bad_request', message: 'The request could not be read.' })
    return answering(() => answer(parsed.data, event))
  })
}

/** Runs a handler; what it throws becomes a value. A person meets only sentences of the catalogue. */
export async function answering<Answer>(
  handler: () => Promise<Result<Answer>> | Result<Answer>,
): Promise<Result<Answer>> {
  try {
    return await handler()
  } catch (error) {
    if (error instanceof SwitchboardError) return failure({ code: error.code, message: error.message })
    const reason = error instanceof Error ? error.name : 'unknown'
    return failure({ code: 'internal', message: sentence('internal', { reason }) })
  }
}

export function failure(error: Failure): Result<never> {
  return { ok: false, error }
}
