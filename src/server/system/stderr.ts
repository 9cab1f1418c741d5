import type { LogSink } from './log.ts'

/** Bytes that may wait for whoever reads our stderr; beyond them lines are counted, not kept. */
const MAX_WAITING = 1024 * 1024

/** Node's own handle below a pipe's stream; setBlocking is there on pipes alone. */
interface PipeStream {
  _handle?: { setBlocking?: (blocking: boolean) => void }
}

/**
 * Lines to stderr, never waiting for its reader.
 *
 * Node writes to pipes synchronously on POSIX systems (nodejs.org/api/process.html, "A note on process I/O"): a parent
 * that starts us with a pipe and doesn't read it would stop the whole server after 64 kB of log. So the pipe is made
 * non-blocking, and what its reader leaves lying beyond a megabyte is left out and counted.
 */
export function stderrSink(stream: NodeJS.WriteStream = process.stderr): LogSink {
  ;(stream as unknown as PipeStream)._handle?.setBlocking?.(false)
  // EPIPE: the reader has gone. Nothing to tell, and nobody to tell it to.
  stream.on('error', () => undefined)
  let leftOut = 0
  return (line) => {
    if (stream.destroyed || stream.writableLength > MAX_WAITING) {
      leftOut += 1
      return
    }
    if (leftOut > 0) stream.write(`(${leftOut} log lines left out: nobody read them)\n`)
    leftOut = 0
    stream.write(line)
  }
}
