import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Details, type ErrorCode, ERRORS, SwitchboardError } from '../../shared/errors.ts'
import { type Disk, RealDisk } from './disk.ts'
import { readLines } from './journal-files.ts'
import { readRunning } from './lock.ts'
import { Paths } from './paths.ts'
import { type Identify, identifyOn } from './process-identity.ts'

/** Does a command in the running console. `progress` sends something on the way. */
export type ControlHandler = (args: unknown, progress: (value: unknown) => void) => Promise<unknown>

export interface Control {
  port: number
  secret: string
  close(): Promise<void>
}

/** One line of an answer. */
type Answer =
  | { progress: unknown }
  | { result: unknown }
  | { error: { code: ErrorCode; message: string; details: Details } }

/** Largest body of a command, in bytes. */
const MAX_ARGUMENTS = 1_000_000

/**
 * The port by which commands reach the console that has the data: loopback only, a secret from running.json (which
 * only the same person can read) as bearer, and a Host that is this port's own, so that no web page can speak to it.
 * POST /<command> with JSON arguments; the answer is one JSON value a line: progress…, then a result or an error.
 */
export async function startControl(
  handlers: Readonly<Record<string, ControlHandler>>,
  secret: string,
): Promise<Control> {
  const server = createServer((req, res) => {
    const port = (server.address() as AddressInfo).port
    answer(handlers, secret, port, req, res).catch((error: unknown) =>
      res.destroy(error instanceof Error ? error : undefined),
    )
  })
  server.requestTimeout = 30_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    port,
    secret,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
  }
}

async function answer(
  handlers: Readonly<Record<string, ControlHandler>>,
  secret: string,
  port: number,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const handler = Object.hasOwn(handlers, (req.url ?? '').slice(1))
    ? handlers[(req.url ?? '').slice(1)]
    : undefined
  const host =
    req.headers.host === `127.0.0.1:${String(port)}` || req.headers.host === `localhost:${String(port)}`
  if (
    !host ||
    req.headers.origin !== undefined ||
    !isSame(req.headers.authorization ?? '', `Bearer ${secret}`)
  )
    return refuse(res, 403)
  if (req.method !== 'POST') return refuse(res, 405)
  if (!handler) return refuse(res, 404)
  const args = await readJson(req)
  if (args === undefined) return refuse(res, 400)
  res.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' })
  const send = (line: Answer): void => {
    res.write(`${JSON.stringify(line)}\n`)
  }
  try {
    send({
      result:
        (await handler(args.value, (progress) => {
          send({ progress })
        })) ?? null,
    })
  } catch (error) {
    const known =
      error instanceof SwitchboardError
        ? error
        : new SwitchboardError('internal', { reason: error instanceof Error ? error.message : String(error) })
    send({ error: { code: known.code, message: known.message, details: known.details } })
  }
  res.end()
}

function refuse(res: ServerResponse, status: number): void {
  res.writeHead(status, { connection: 'close' }).end()
}

/** In time that does not tell how much was right. */
function isSame(given: string, wanted: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(wanted))
}

async function readJson(req: IncomingMessage): Promise<{ value: unknown } | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_ARGUMENTS) return undefined
    chunks.push(chunk)
  }
  try {
    return { value: size === 0 ? {} : (JSON.parse(Buffer.concat(chunks).toString()) as unknown) }
  } catch {
    return undefined
  }
}

export interface CallOptions {
  disk?: Disk
  identify?: Identify
}

/** Has the console that runs on `folder` do a command. Throws SwitchboardError not_running, or what the command threw. */
export async function callControl(
  folder: string,
  command: string,
  args: unknown,
  onProgress: (value: unknown) => void = () => undefined,
  options: CallOptions = {},
): Promise<unknown> {
  const disk = options.disk ?? new RealDisk()
  const running = await readRunning(disk, new Paths(folder).running, options.identify ?? identifyOn(disk))
  if (!running || running.port === 0) throw new SwitchboardError('not_running', { data: folder })
  const response = await post(running.port, running.secret, command, JSON.stringify(args ?? {})).catch(
    (error: unknown) => {
      throw new SwitchboardError('not_running', { data: folder }, { cause: error })
    },
  )
  if (response.statusCode !== 200) {
    response.resume()
    throw new SwitchboardError('not_possible', {
      what: `The console that runs on ${folder} does not know the command ${command}.`,
    })
  }
  for await (const { text } of readLines(response)) {
    const line = JSON.parse(text) as Answer
    if ('progress' in line) onProgress(line.progress)
    else if ('result' in line) return line.result
    else
      throw new SwitchboardError(line.error.code in ERRORS ? line.error.code : 'internal', line.error.details)
  }
  throw new SwitchboardError('not_running', { data: folder })
}

function post(port: number, secret: string, command: string, body: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${secret}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    }
    const req = request({ host: '127.0.0.1', port, path: `/${command}`, method: 'POST', headers }, resolve)
    req.once('error', reject)
    req.end(body)
  })
}
