import { expect, test } from 'vitest'
import type { ContactView, Result } from '../../src/shared/contract.ts'
import { Contacts } from '../../src/renderer/src/state/contacts.ts'
import { settled } from './started.ts'

const ANN = '+1234567890'

test('a contact that a simulation begun anew does not know is none of it; one that can’t be read stays', async () => {
  let answer: Result<ContactView> = { ok: true, value: { name: 'Ann' } as ContactView }
  const contacts = new Contacts(() => Promise.resolve(answer))
  contacts.need(ANN)
  await settled()
  answer = { ok: false, error: { code: 'not_running', message: 'The connection was lost.' } }
  contacts.again()
  await settled()
  expect(contacts.byNumber.get(ANN)?.name).toBe('Ann')
  answer = { ok: false, error: { code: 'no_such_contact', message: 'Nobody has this number.' } }
  contacts.again()
  await settled()
  expect(contacts.byNumber.get(ANN)).toBeUndefined()
  expect(contacts.refused.get(ANN)?.code).toBe('no_such_contact')
})
