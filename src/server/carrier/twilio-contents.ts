import type { Twilio } from 'twilio'
import { attempt } from './attempt.ts'
import type { CarrierContent, Outcome } from './carrier.ts'

/** Templates are chosen from a list by a person: more of them help nobody. */
const MOST = 1000
const VARIABLE = /\{\{\s*(\w+)\s*\}\}/g

interface Content {
  sid: string
  friendlyName: string
  language: string
  variables: unknown
  types: unknown
  approvalRequests?: unknown
}

/** The account's templates with what WhatsApp says of each; without that where Twilio does not give it. */
export async function twilioContents(client: () => Promise<Twilio>): Promise<Outcome<CarrierContent[]>> {
  const approved = await attempt(async () =>
    (await (await client()).content.v1.contentAndApprovals.list({ limit: MOST, pageSize: 500 })).map(read),
  )
  if (approved.ok || approved.error.kind !== 'refused') return approved
  return attempt(async () =>
    (await (await client()).content.v1.contents.list({ limit: MOST, pageSize: 500 })).map(read),
  )
}

function read({ sid, friendlyName, language, variables, types, approvalRequests }: Content): CarrierContent {
  const kinds = Object.entries(record(types))
  const body = kinds.map(([, kind]) => bodyOf(record(kind))).find((words) => words !== '') ?? ''
  const examples = record(variables)
  // Examples may be left out at Twilio; a variable in the words needs its value all the same.
  const names = new Set([
    ...Object.keys(examples),
    ...[...body.matchAll(VARIABLE)].map(([, name = '']) => name),
  ])
  return {
    sid,
    name: friendlyName,
    language,
    body,
    variables: [...names].map((name) => {
      const example = examples[name]
      return { name, example: typeof example === 'string' ? example : '' }
    }),
    types: kinds.map(([name]) => name),
    approval: approvalOf(approvalRequests),
  }
}

/** Each type has its own fields; what is read out is called body in all that have words, and title in cards. */
function bodyOf({ body, title }: Record<string, unknown>): string {
  return typeof body === 'string' ? body : typeof title === 'string' ? title : ''
}

function approvalOf(requests: unknown): string | null {
  const { status } = record(requests)
  return typeof status === 'string' ? status : null
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
