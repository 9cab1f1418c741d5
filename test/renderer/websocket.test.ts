/** What the page knows of its line, and how often it asks: sockets and answers are the test's own, time too. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { webSocketTransport } from '../../src/renderer/src/transport/websocket.ts'
import type { LineState } from '../../src/shared/contract.ts'

class TestSocket extends EventTarget {
  static readonly CONNECTING = 0
  static readonly OPEN = 1
  readonly sent: string[] = []
  static made: TestSocket[] = []
  readyState = 0
  constructor() {
    super()
    TestSocket.made.push(this)
  }
  send(text: string): void {
    this.sent.push(text)
  }
  open(): void {
    this.readyState = 1
    this.dispatchEvent(new Event('open'))
  }
  close(): void {
    this.readyState = 3
    this.dispatchEvent(new Event('close'))
  }
}

const asked = vi.fn<(url: URL, how: RequestInit) => Promise<{ status: number }>>()
const answers = (status: number): void => void asked.mockImplementation(() => Promise.resolve({ status }))
const nobody = (): void =>
  void asked.mockImplementation(() => Promise.reject(new TypeError('Failed to fetch')))
const last = (): TestSocket => TestSocket.made.at(-1) ?? new TestSocket()
const settled = () => vi.advanceTimersByTimeAsync(0)

beforeEach(() => {
  vi.useFakeTimers()
  TestSocket.made = []
  asked.mockReset()
  vi.stubGlobal('WebSocket', TestSocket)
  vi.stubGlobal('fetch', asked)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function connected(): LineState[] {
  const said: LineState[] = []
  webSocketTransport(new URL('ws://127.0.0.1:4500/ws')).onConnection((line) => said.push(line))
  last().open()
  return said
}

describe('what is asked before the line is open', () => {
  const ask = () => webSocketTransport(new URL('ws://127.0.0.1:4500/ws')).request('real', 'settings.get', {})

  it('is sent once it is', async () => {
    const answer = ask()
    last().open()
    await settled()
    const [sent = '{}'] = last().sent
    const { id } = JSON.parse(sent) as { id: number }
    const result = { ok: true, value: 'read' }
    last().dispatchEvent(new MessageEvent('message', { data: JSON.stringify({ id, result }) }))
    expect(await answer).toEqual(result)
  })

  it('is answered as lost where it does not open', async () => {
    nobody()
    const answer = ask()
    last().close()
    expect(await answer).toMatchObject({ ok: false, error: { code: 'not_running' } })
    // Its next try is of this test's time.
    await settled()
  })
})

describe('a line that closes', () => {
  it('is lost while nobody answers, and tried again soon', async () => {
    nobody()
    const said = connected()
    last().close()
    await settled()
    expect(said).toEqual(['open', 'lost'])
    await vi.advanceTimersByTimeAsync(1000)
    expect(TestSocket.made).toHaveLength(2)
    last().open()
    expect(said).toEqual(['open', 'lost', 'open'])
  })

  it('is refused by a console that was started again: said once, and tried seldom until it lets in', async () => {
    answers(401)
    const said = connected()
    last().close()
    await settled()
    expect(said).toEqual(['open', 'lost', 'refused'])
    const [url, how] = asked.mock.calls[0] ?? []
    expect([url?.href, how?.cache]).toEqual(['http://127.0.0.1:4500/', 'no-store'])
    for (const tries of [2, 3]) {
      await vi.advanceTimersByTimeAsync(29_000)
      expect(TestSocket.made).toHaveLength(tries - 1)
      await vi.advanceTimersByTimeAsync(1000)
      expect(TestSocket.made).toHaveLength(tries)
      last().close()
      await settled()
    }
    expect(said).toEqual(['open', 'lost', 'refused'])
    await vi.advanceTimersByTimeAsync(30_000)
    last().open()
    expect(said).toEqual(['open', 'lost', 'refused', 'open'])
  })

  it('is lost again where the console that refused is gone', async () => {
    answers(401)
    const said = connected()
    last().close()
    await settled()
    nobody()
    await vi.advanceTimersByTimeAsync(30_000)
    last().close()
    await settled()
    expect(said).toEqual(['open', 'lost', 'refused', 'lost'])
    await vi.advanceTimersByTimeAsync(1000)
    expect(TestSocket.made).toHaveLength(3)
  })

  it('is only lost where the page itself is still let in', async () => {
    answers(200)
    const said = connected()
    last().close()
    await settled()
    expect(said).toEqual(['open', 'lost'])
  })
})
