import { createServer, request as forward } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import type { SelfTestView } from '../../src/shared/live.ts'
import { systemClock, createIds } from '../../src/server/system/index.ts'
import { createChallenge, createSelfTest, type TestedNumber } from '../../src/server/tunnel/index.ts'
import { signatureOf } from '../../src/server/webhooks/signature.ts'
import { ACCOUNT, run, TOKEN } from './fixture.ts'

/** A console's webhook port behind a proxy that tests can bend. */
async function way({ token = TOKEN, health = true } = {}) {
  const challenge = createChallenge(createIds(systemClock))
  const bend = { path: (path: string) => path, dead: false }
  let base = ''
  const console = await run({
    publicBases: () => [base],
    health: (query) => {
      const proof = health ? challenge.answer(query.get('challenge') ?? '') : undefined
      return proof === undefined ? {} : { proof }
    },
  })
  const proxy = createServer((incoming, outgoing) => {
    if (bend.dead) return void incoming.socket.destroy()
    const on = forward(
      `${console.local}${bend.path(incoming.url ?? '')}`,
      { method: incoming.method, headers: incoming.headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
        answer.pipe(outgoing)
      },
    )
    on.on('error', () => outgoing.destroy())
    incoming.pipe(on)
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  base = `http://shop.localhost:${String((proxy.address() as AddressInfo).port)}`
  const close = () =>
    new Promise<void>((resolve) => {
      proxy.close(() => resolve())
      proxy.closeAllConnections()
    })
  onTestFinished(close)
  const selfTest = createSelfTest({
    clock: systemClock,
    challenge,
    signer: () => ({ accountSid: ACCOUNT, sign: (url, form) => signatureOf(token, url, form) }),
  })
  const ask = async (number: Partial<TestedNumber> | 'gone' = {}) => {
    const told: SelfTestView[] = []
    const tested: TestedNumber = {
      medium: 'sms',
      number: '+15703251809',
      addresses: { sms_url: `${base}/webhooks/sms#rc=3`, sms_method: 'POST' },
      isElsewhere: false,
      overridden: '',
    }
    await selfTest(number === 'gone' ? undefined : { ...tested, ...number }, base, (now) => told.push(now))
    const last = told.at(-1)
    if (!last) throw new Error('nothing was told')
    return { told, last, held: last.hops.map(({ ok }) => ok) }
  }
  return { console, base, bend, close, ask }
}

it('goes all the way round, hop by hop, and stores nothing', async () => {
  const { ask, console } = await way()
  const { told, last, held } = await ask()
  expect(held).toEqual([true, true, true, true, true])
  expect(last.done).toBe(true)
  expect(last.hops.every(({ ms, sentence }) => ms !== null && sentence.endsWith('.'))).toBe(true)
  // Each hop is told of when it is reached, not all at the end.
  const reached = told.map(({ hops }) => hops.filter(({ ok }) => ok !== null).length)
  expect(reached).toEqual([0, 1, 2, 3, 4, 5, 5])
  expect(console.kept).toEqual([])
  expect(console.taken).toEqual([])
})

it('says that nothing answers at the address', async () => {
  const { ask, close } = await way()
  await close()
  const { last, held } = await ask()
  expect(held).toEqual([false, null, null, null, true])
  expect(last.hops[0]?.sentence).toContain('nothing answers at its address')
})

it('says that the way breaks off behind the connection', async () => {
  const { ask, bend } = await way()
  bend.dead = true
  expect((await ask()).held).toEqual([true, false, null, null, true])
})

it('says that somebody else answers there', async () => {
  const { ask } = await way({ health: false })
  const { last, held } = await ask()
  expect(held).toEqual([true, true, false, null, true])
  expect(last.hops[2]?.sentence).toContain('something else answers there')
})

it('says that something on the way changes what is signed', async () => {
  const { ask, bend } = await way()
  bend.path = (path) => (path.startsWith('/webhooks') ? `${path}?from=proxy` : path)
  const { last, held } = await ask()
  expect(held).toEqual([true, true, true, false, true])
  expect(last.hops[3]?.sentence).toContain('something on the way changes')
})

it('a token that is not the console’s is refused as any stranger’s', async () => {
  const { ask, console } = await way({ token: 'f'.repeat(32) })
  expect((await ask()).held).toEqual([true, true, true, false, true])
  expect(console.kept).toEqual([])
})

it.each<[string, Partial<TestedNumber> | 'gone', string]>([
  [
    'has another address',
    { addresses: { sms_url: 'https://helpdesk.example/sms', sms_method: 'POST' } },
    'helpdesk.example',
  ],
  ['has none', { addresses: { sms_url: '', sms_method: 'POST' } }, 'nowhere'],
  ['was changed in something else', { isElsewhere: true }, 'other addresses'],
  ['is overridden', { overridden: 'A service takes its place.' }, 'A service takes its place.'],
  ['is gone', 'gone', 'not in the account'],
])('says that the number %s', async (_, number, words) => {
  const { ask } = await way()
  const { last, held } = await ask(number)
  expect(held).toEqual([true, true, true, true, false])
  expect(last.hops[4]?.sentence).toContain(words)
})
