/** The single-instance lock, held for a user-data folder by a file that names its process, and a line to that process. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface SecondStart {
  argv: string[]
  cwd: string
  data: unknown
}

/** Connects, hands over what stdin holds, and waits until it is taken. Run apart, because asking is synchronous. */
const HAND_OVER = `
  const { connect } = require('node:net')
  const end = Date.now() + 3000
  const attempt = () => {
    const line = connect(process.argv[1])
    line.on('error', () => Date.now() < end ? setTimeout(attempt, 20) : process.exit(1))
    line.on('connect', () => process.stdin.pipe(line))
    line.on('close', (failed) => { if (!failed) process.exit(0) })
    line.resume()
  }
  attempt()
`

export class InstanceLock {
  #held: { file: string; server: Server } | null = null

  get isHeld(): boolean {
    return this.#held !== null
  }

  /** Takes the lock of this folder, or tells the process that has it and returns false. */
  take(folder: string, start: SecondStart, onSecond: (second: SecondStart) => void): boolean {
    if (this.#held) return true
    mkdirSync(folder, { recursive: true })
    const file = join(folder, 'standin-lock')
    if (!this.#claim(file)) {
      spawnSync(process.execPath, ['-e', HAND_OVER, lineOf(folder)], { input: JSON.stringify(start) })
      return false
    }
    this.#held = { file, server: listen(lineOf(folder), onSecond) }
    process.on('exit', () => this.release())
    return true
  }

  release(): void {
    if (!this.#held) return
    rmSync(this.#held.file, { force: true })
    this.#held.server.close()
    this.#held = null
  }

  /** The file counts while the process in it lives: a killed one leaves its file behind. */
  #claim(file: string): boolean {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' })
      return true
    } catch {
      if (isAlive(Number(readFileSync(file, 'utf8')))) return false
      rmSync(file, { force: true })
      return this.#claim(file)
    }
  }
}

function listen(line: string, onSecond: (second: SecondStart) => void): Server {
  rmSync(line, { force: true })
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    let text = ''
    socket.setEncoding('utf8')
    socket.on('data', (part) => (text += String(part)))
    socket.on('error', () => undefined)
    socket.on('end', () => {
      socket.end()
      onSecond(JSON.parse(text) as SecondStart)
    })
  })
  server.listen(line)
  server.unref()
  return server
}

/** A socket's path may not be longer than some hundred characters, a folder's may. */
function lineOf(folder: string): string {
  const name = `standin-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), name)
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0)
  } catch {
    return false
  }
}
