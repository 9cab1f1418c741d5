// What `npm start` decides about the desktop app, apart from doing it: pure, so that each way it can go wrong is tested.

/** A download that brings nothing for so long is given up, milliseconds. */
export const STALL_MS = 60_000
/** From the start of Electron until its window has painted and made one round trip, milliseconds. */
export const HANDSHAKE_MS = 20_000

/**
 * @typedef {{ kind: 'running' }
 *   | { kind: 'ended', exitCode: number }
 *   | { kind: 'browser', because: string }} Outcome
 * What to do: leave it running, end with this code, or open the browser console and say why.
 */

/** Options of `switchboard serve` that the desktop app takes too. */
const SHARED = new Set(['--webhook-port', '--public-url', '--tunnel', '--data'])

/**
 * The desktop app's arguments for what was given to `npm start`, or why only `serve` will do.
 * @param {readonly string[]} args
 * @returns {{ args: string[] } | { because: string }}
 */
export function desktopArgs(args) {
  /** @type {string[]} */
  const taken = []
  for (let place = 0; place < args.length; place += 1) {
    const [name = '', value] = (args[place] ?? '').split(/=(.*)/s)
    if (!SHARED.has(name)) return { because: `${name} is for the browser console` }
    if (value === undefined) place += 1
    taken.push(`${name}=${value ?? args[place] ?? ''}`)
  }
  return { args: taken }
}

/**
 * Whether the built app is missing or older than what it is built from.
 * @param {readonly number[]} sources times of change, milliseconds
 * @param {readonly (number | undefined)[]} outputs likewise; undefined for one that is not there
 */
export function needsBuild(sources, outputs) {
  if (outputs.length === 0 || outputs.includes(undefined)) return true
  const oldest = Math.min(...outputs.map((time) => time ?? 0))
  return sources.some((time) => time > oldest)
}

/** Tells whether a download is stuck, from how many bytes are there at what time. */
export class StallWatch {
  #bytes = -1
  #since = 0

  /**
   * @param {number} bytes there now
   * @param {number} now milliseconds
   */
  isStuck(bytes, now) {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes
      this.#since = now
    }
    return now - this.#since >= STALL_MS
  }
}

/** What Electron prints when it can't start, and what that means. The first that fits is told. */
const REASONS = /** @type {const} */ ([
  [/error while loading shared libraries: ([^:\s]+)/, 'this system lacks the library $1 that Electron needs'],
  [/Library not loaded: (\S+)/, 'this system lacks the library $1 that Electron needs'],
  [/running as root without --no-sandbox/i, 'Electron does not run as root'],
  [
    /SUID sandbox helper|No usable sandbox|setuid sandbox/i,
    'this system does not let Electron’s sandbox start',
  ],
  [
    /Missing X server|cannot open display|unable to open X display|Failed to connect to Wayland/i,
    'there is no display',
  ],
  [/cannot execute binary file|Exec format error|ENOEXEC/i, 'Electron’s binary is for another system'],
  [/EACCES|Permission denied/i, 'Electron’s binary may not be run'],
  [/ENOENT/, 'Electron’s binary is gone'],
  [/Electron uninstall|Electron failed to install/i, 'Electron’s binary is missing'],
])

/**
 * Why Electron ended before its window was there, in words that complete "The desktop window can’t be opened: ".
 * @param {{ code: number | null, signal: string | null, stderr: string }} end
 */
export function explainEnd({ code, signal, stderr }) {
  for (const [pattern, words] of REASONS) {
    const match = pattern.exec(stderr)
    if (match) return words.replace('$1', match[1] ?? '')
  }
  return signal === null ? `Electron ended with code ${code ?? 'unknown'}` : `Electron was ended by ${signal}`
}

/**
 * What the install script's failure means, in the same way.
 * @param {'stalled' | 'failed'} how
 * @param {string} output
 */
export function explainInstall(how, output) {
  if (how === 'stalled') return `Electron’s download stood still for ${STALL_MS / 1000} seconds`
  if (/fetch failed|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|getaddrinfo/.test(output)) {
    return 'Electron could not be fetched: its download server can’t be reached'
  }
  const status = /HTTPError: Response code (\d+)|status(?:Code)?:? (\d{3})/.exec(output)
  if (status) return `Electron could not be fetched: the download server answered ${status[1] ?? status[2]}`
  if (output.includes('ENOSPC')) return 'Electron could not be fetched: the disk is full'
  return 'Electron could not be fetched'
}

/**
 * The start, from Electron's first sign of life to its hand-shake, as events come in.
 * `decide` answers null as long as nothing is decided.
 */
export class Handshake {
  #stderr = ''
  #isPainted = false

  /**
   * @param {{ kind: 'line', text: string }
   *   | { kind: 'stderr', text: string }
   *   | { kind: 'exit', code: number | null, signal: string | null }
   *   | { kind: 'late' }} event
   * @returns {Outcome | null}
   */
  decide(event) {
    switch (event.kind) {
      case 'line':
        return this.#word(event.text)
      case 'stderr':
        // The reason stands in the first lines; an app that runs for weeks writes more than that.
        if (this.#stderr.length < 64_000) this.#stderr += event.text
        return null
      case 'exit':
        if (this.#isPainted || event.code === 0) return { kind: 'ended', exitCode: event.code ?? 1 }
        return browser(explainEnd({ code: event.code, signal: event.signal, stderr: this.#stderr }))
      case 'late':
        return browser(`its window did not come within ${HANDSHAKE_MS / 1000} seconds`)
    }
  }

  /**
   * @param {string} text a line of Electron's stdout
   * @returns {Outcome | null}
   */
  #word(text) {
    const word = parseWord(text)
    if (word?.event === 'painted') {
      this.#isPainted = true
      return { kind: 'running' }
    }
    if (word?.event === 'handed-over') return { kind: 'ended', exitCode: 0 }
    // The data folder is in use, newer or broken: a browser console would say the same.
    if (word?.event === 'refused') return { kind: 'ended', exitCode: 1 }
    return null
  }
}

/**
 * @param {string} because
 * @returns {Outcome}
 */
function browser(because) {
  return { kind: 'browser', because: `The desktop window can’t be opened (${because})` }
}

/**
 * @param {string} text
 * @returns {{ event?: string, because?: string } | null}
 */
function parseWord(text) {
  if (!text.startsWith('{')) return null
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
