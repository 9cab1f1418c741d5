import type { DeliveryStatus } from '../../shared/documents.ts'
import type { Params } from '../intake/types.ts'
import { addressOf, type Fields, isFields, numberField, textField, timeOf } from './fields.ts'
import type { Said } from './types.ts'

/** Twilio's message statuses (reference twilio.md §4). */
const STATUSES: ReadonlySet<string> = new Set<DeliveryStatus>([
  'received',
  'receiving',
  'accepted',
  'scheduled',
  'queued',
  'sending',
  'sent',
  'delivered',
  'read',
  'partially_delivered',
  'undelivered',
  'failed',
  'canceled',
])

/** What a resource says beyond a message's own fields, kept as `params` under Twilio's names. */
const KEPT = [
  'account_sid',
  'messaging_service_sid',
  'num_media',
  'num_segments',
  'price',
  'price_unit',
  'error_message',
  'direction',
  'date_created',
]

/** One message resource as Twilio's REST API or bulk export has it (snake_case), or its Node client prints it (camelCase). */
export function twilioMessage(value: unknown): Said {
  if (!isFields(value)) return { reason: 'this is no message resource' }
  const fields = snakeCased(value)
  const sid = textField(fields, 'sid')
  if (sid === undefined || /\s/.test(sid)) return { reason: 'sid is missing' }
  const from = addressOf(textField(fields, 'from') ?? '')
  const to = addressOf(textField(fields, 'to') ?? '')
  if (!from) return { reason: `from ${unusable(textField(fields, 'from'))}` }
  if (!to) return { reason: `to ${unusable(textField(fields, 'to'))}` }

  const date = textField(fields, 'date_sent', 'date_created', 'date_updated')
  if (date === undefined) return { reason: 'date_sent and date_created are missing' }
  const at = timeOf(date)
  if (at === undefined) return { reason: `${JSON.stringify(date.slice(0, 60))} is not a time` }

  const status = textField(fields, 'status')
  const direction = textField(fields, 'direction')
  const isInbound =
    direction === undefined ? status === 'received' || status === 'receiving' : direction === 'inbound'
  const [channel, contact] = isInbound ? [to, from] : [from, to]
  const medium = from.medium === 'whatsapp' || to.medium === 'whatsapp' ? 'whatsapp' : 'sms'
  const common = {
    sid,
    medium,
    channel: channel.number,
    contact: contact.number,
    body: textField(fields, 'body') ?? '',
    media: [],
    params: paramsOf(fields),
  } as const
  if (isInbound) return { entry: { kind: 'message', at, of: { ...common, media: [] } } }
  const errorCode = numberField(fields, 'error_code')
  return {
    entry: {
      kind: 'sent',
      at,
      of: {
        ...common,
        media: [],
        sender: 'operator',
        status: isStatus(status) ? status : 'unsure',
        ...(errorCode !== undefined && errorCode !== 0 && { error_code: errorCode }),
      },
    },
  }
}

export function isStatus(status: string | undefined): status is DeliveryStatus {
  return status !== undefined && STATUSES.has(status)
}

const unusable = (address: string | undefined): string =>
  address === undefined
    ? 'is missing'
    : `${JSON.stringify(address.slice(0, 60))} is neither a phone nor a WhatsApp number`

function paramsOf(fields: Fields): Params {
  const params: Params = {}
  for (const name of KEPT) {
    const text = textField(fields, name)
    if (text !== undefined) params[name] = text
  }
  return params
}

function snakeCased(fields: Fields): Fields {
  if (!Object.keys(fields).some((name) => /[A-Z]/.test(name))) return fields
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`),
      value,
    ]),
  )
}
