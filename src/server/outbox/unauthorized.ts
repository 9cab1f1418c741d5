import type { CarrierError } from '../carrier/carrier.ts'
import { WRONG_CREDENTIALS } from '../twilio-codes.ts'

/** Whether the account itself was refused, whatever was asked of it: the same may be taken once its token is right again. */
export function isUnauthorized({ kind, code, status }: CarrierError): boolean {
  return kind === 'refused' && (status === 401 || (status === 0 && code === WRONG_CREDENTIALS))
}
