import {
  type Handlers,
  requestEnvelope,
  type RequestName,
  requestSchemas,
  type Result,
} from '../../shared/contract.ts'
import { SwitchboardError } from '../../shared/errors.ts'
import type { Log } from '../ports.ts'

const isRequestName = (name: string): name is RequestName => Object.hasOwn(requestSchemas, name)

/**
 * Looks a request up, parses what came with it, calls its handler, and turns whatever happens into a value. The only way
 * from a screen to the console, whatever carried it.
 */
export async function answer(envelope: unknown, handlers: Handlers, log: Log): Promise<Result<unknown>> {
  const parsed = requestEnvelope.safeParse(envelope)
  if (!parsed.success || !isRequestName(parsed.data.name))
    return refusal(new SwitchboardError('bad_request', { what: 'name: there is no such request.' }))
  const { name, input } = parsed.data
  const checked = requestSchemas[name].safeParse(input)
  if (!checked.success) {
    const [issue] = checked.error.issues
    const where = issue?.path.join('.') ?? ''
    return refusal(
      new SwitchboardError('bad_request', {
        what: `${name}: ${where === '' ? '' : `${where}: `}${issue?.message ?? 'not as expected'}.`,
      }),
    )
  }
  try {
    // The schema and the handler of one name belong together; TypeScript can't see that through the lookup.
    const handler = handlers[name] as (request: unknown) => unknown
    return { ok: true, value: await handler(checked.data) }
  } catch (error) {
    if (error instanceof SwitchboardError) return refusal(error)
    log.error(`The request ${name} failed`, error)
    return refusal(
      new SwitchboardError('internal', { reason: error instanceof Error ? error.message : String(error) }),
    )
  }
}

/** An error as it travels. */
export function refusal(error: SwitchboardError): Result<never> {
  return { ok: false, error: { code: error.code, message: error.message } }
}
