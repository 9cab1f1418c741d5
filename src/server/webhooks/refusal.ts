import { SwitchboardError, type Details, type ErrorCode } from '../../shared/errors.ts'

/** A request that is not taken: a 4xx with a sentence of the catalogue, thrown from wherever the reason is found. */
export class Refusal extends SwitchboardError {
  readonly status: number
  /** True when the request carried Twilio's valid signature; such a refusal never counts against the limit. */
  readonly signed: boolean
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    code: ErrorCode,
    options: { details?: Details; signed?: boolean; headers?: Record<string, string> } = {},
  ) {
    super(code, options.details)
    this.name = 'Refusal'
    this.status = status
    this.signed = options.signed ?? false
    this.headers = options.headers ?? {}
  }
}
