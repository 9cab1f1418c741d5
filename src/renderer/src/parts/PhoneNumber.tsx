import { formatNumber } from './phoneNumber.ts'

/** A number in groups, always left to right. */
export function PhoneNumber({ number }: { number: string }) {
  return <bdi className="n nowrap">{formatNumber(number)}</bdi>
}
