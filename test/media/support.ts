import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { png } from '../../src/server/carrier/simulator/bytes.ts'
import { twilioMedia } from '../../src/server/carrier/twilio-media.ts'
import type { SwitchboardOptions } from '../../src/server/switchboard.ts'
import type { Message } from '../../src/shared/documents.ts'
import { ACCOUNT, ANN, BUSINESS, newSid, type Running, running, TOKEN } from '../support/running.ts'

export const PICTURE = png(40)
export const BASIC = `Basic ${Buffer.from(`${ACCOUNT}:${TOKEN}`).toString('base64')}`

export interface Asked {
  path: string
  authorization: string | undefined
}
type Answer = (response: ServerResponse, request: IncomingMessage) => void

/** A place files are kept, on loopback: answers as it is told, 404 otherwise, and notes who asked. */
export async function fileServer() {
  const answers = new Map<string, Answer>()
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push({ path, authorization: request.headers.authorization })
    const answer = answers.get(path)
    if (answer) answer(response, request)
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const base = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
  return {
    base,
    asked,
    answer: (path: string, answer: Answer) => answers.set(path, answer),
    give: (path: string, bytes: Buffer | string, type = 'image/png') =>
      answers.set(path, (response) => response.writeHead(200, { 'content-type': type }).end(bytes)),
  }
}
export type FileServer = Awaited<ReturnType<typeof fileServer>>

/** A console whose files are at this server. */
export async function consoleOn(
  server: FileServer,
  more: Partial<SwitchboardOptions> = {},
): Promise<Running> {
  const source = twilioMedia({ accountSid: ACCOUNT, authToken: TOKEN, baseUrl: server.base })
  const r = await running(undefined, { files: () => source, ...more })
  onTestFinished(() => r.close())
  return r
}

/** A text with a file at each address. Resolves with its SID. */
export async function mms(r: Running, ...urls: string[]): Promise<string> {
  const sid = newSid('MM')
  const media = urls.flatMap((url, n) => [
    [`MediaUrl${String(n)}`, url],
    [`MediaContentType${String(n)}`, 'image/jpeg'],
  ])
  const { status } = await r.post('/webhooks/sms', {
    MessageSid: sid,
    From: ANN,
    To: BUSINESS,
    Body: '',
    NumMedia: String(urls.length),
    ...(Object.fromEntries(media) as Record<string, string>),
  })
  if (status !== 200) throw new Error(`the webhook was answered with ${String(status)}`)
  return sid
}

export async function messageOf(r: Running, sid: string): Promise<Message> {
  const message = await r.switchboard.store.find(sid)
  if (!message) throw new Error(`there is no message ${sid}`)
  return message
}

/** The message once nothing is under way any more. */
export async function fetched(r: Running, sid: string): Promise<Message> {
  await r.switchboard.idle()
  return messageOf(r, sid)
}
