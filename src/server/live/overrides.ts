import type { NumberView } from '../../shared/live.ts'
import type { CarrierAccount, NumberRecord } from '../carrier/twilio-account.ts'
import type { ApplicationRecord, ServiceRecord } from '../carrier/twilio-messaging.ts'

/** What stands beside the numbers at Twilio and may take the place of their addresses. */
export interface Surroundings {
  services: readonly ServiceRecord[]
  applications: ReadonlyMap<string, ApplicationRecord>
  /** Whether the business is registered for texts in the USA; undefined: Twilio does not say. */
  hasBrand: boolean | undefined
}

export const NO_SURROUNDINGS: Surroundings = {
  services: [],
  applications: new Map(),
  hasBrand: undefined,
}

/** What can't be read is left out: it warns of nothing, and stands in nobody's way. */
export async function readSurroundings(
  account: CarrierAccount,
  numbers: readonly NumberRecord[],
): Promise<Surroundings> {
  const { messaging } = account
  const services = await messaging.services()
  // Nobody can be asked at all: the rest would only wait.
  if (!services.ok && services.error.kind !== 'refused') return NO_SURROUNDINGS
  const brands = await messaging.brands()
  const applications = new Map<string, ApplicationRecord>()
  const named = numbers.flatMap(({ sms_overridden_by, voice_overridden_by }) => [
    sms_overridden_by,
    voice_overridden_by,
  ])
  for (const sid of new Set(named.filter((one) => one.startsWith('AP')))) {
    const application = await messaging.application(sid)
    if (application.ok) applications.set(sid, application.value)
  }
  return {
    services: services.ok ? services.value : [],
    applications,
    hasBrand: brands.ok ? brands.value.some(({ isApproved }) => isApproved) : undefined,
  }
}

/** What takes the place of a number's addresses, and the next step; empty when they count. */
export function overrideOf(number: NumberRecord, voice: NumberView['voice'], around: Surroundings): string {
  const { sms_url } = number.addresses
  const service = around.services.find(({ numbers }) => numbers.includes(number.sid))
  if (service && !service.leavesToNumber && (service.inbound_url === '' || service.inbound_url !== sms_url))
    return service.inbound_url === ''
      ? `The messaging service “${service.name}” drops the texts to this number. Open it at Twilio, choose “Defer to sender’s webhook” under Integration, and read the numbers again.`
      : `The messaging service “${service.name}” sends this number’s texts to ${hostOf(service.inbound_url)}. Open it at Twilio, choose “Defer to sender’s webhook” under Integration, and read the numbers again.`
  if (number.sms_overridden_by !== '') return taken('texts', number.sms_overridden_by, around)
  if (voice === 'here' && number.voice_overridden_by !== '')
    return taken('calls', number.voice_overridden_by, around)
  return ''
}

function taken(what: 'texts' | 'calls', sid: string, { applications }: Surroundings): string {
  const known = applications.get(sid)
  const who = sid.startsWith('AP')
    ? `application ${known ? `“${known.name}” (${sid})` : sid}`
    : `trunk ${sid}`
  const url = what === 'texts' ? known?.sms_url : known?.voice_url
  const where = url ? `, and sends them to ${hostOf(url)}` : ''
  return `The ${who} takes this number’s ${what} at Twilio${where}. Set the number to “Webhook” there, and point it here again.`
}

const hostOf = (url: string): string => URL.parse(url)?.host ?? url

/** Whether a campaign of the USA covers this number; undefined: Twilio does not say. */
export function isRegistered(sid: string, { services, hasBrand }: Surroundings): boolean | undefined {
  if (services.some((service) => service.isRegistered && service.numbers.includes(sid))) return true
  return hasBrand === undefined ? undefined : false
}
