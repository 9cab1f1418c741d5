import { expect, test } from 'vitest'
import { fill, freshFolder, message, messageId, openStore, session, sessionId, sid } from './support.ts'

test('what is committed is there at once, and after closing and opening', async () => {
  const folder = await freshFolder()
  const store = await openStore(folder)
  const pending = store.commit({
    why: 'message',
    sessions: [session(1, 1, 0, 0)],
    messages: [message(1, 1, 1, 0)],
  })
  expect(store.session(sessionId(1))).toEqual(session(1, 1, 0, 0))
  expect(await pending).toBe(1)
  await fill(store, 2, 2_500)
  await store.close()
  const again = await openStore(folder)
  expect(again.seq).toBe(2_499)
  expect(again.problems()).toEqual([])
  expect(again.counts().all).toBe(2_499)
  expect(again.session(sessionId(77))).toEqual(session(77, 77, 77_000, 77_000))
  expect(await again.find(sid(1_234))).toEqual({ ...message(1_234, 1_234, 1_234, 1_234_000), seq: 1_234 })
  expect(await again.find(messageId(2_499))).toMatchObject({ sid: sid(2_499) })
  expect(await again.find(sid(9_999))).toBeUndefined()
  expect(again.mayHave(sid(2_000))).toBe(true)
  expect(again.mayHave(sid(9_999))).toBe(false)
  expect(again.sessions({ limit: 2, offset: 1 }).sessions.map((s) => s._id)).toEqual([
    sessionId(2_498),
    sessionId(2_497),
  ])
  await again.close()
})

test('a killed store has every acknowledged change, from the journal alone', async () => {
  const folder = await freshFolder()
  const store = await openStore(folder)
  await fill(store, 1, 1_500)
  const again = await openStore(folder)
  expect(again.counts().all).toBe(1_499)
  expect(await again.messages([sessionId(1_400)])).toHaveLength(1)
  await fill(again, 1_500, 3_000)
  const third = await openStore(folder)
  expect(third.counts().all).toBe(2_999)
  expect(third.problems()).toEqual([])
  for (const n of [1, 999, 1_000, 1_001, 1_499, 1_500, 2_999])
    expect(await third.find(sid(n))).toMatchObject({ _id: messageId(n) })
  await third.close()
})
