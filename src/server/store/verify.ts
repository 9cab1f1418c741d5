import { dirname } from 'node:path'
import type { Message, Session } from '../../shared/documents.ts'
import { GapHistory } from '../sessions/index.ts'
import { isCode } from './disk.ts'
import { DamagedDocument, decodeDocument } from './document.ts'
import { foldProblems } from './fold-check.ts'
import { HashTable, quickHash } from './hash-table.ts'
import { listJournals, readJournal } from './journal-files.ts'
import { documentNumber } from './paths.ts'
import { PAGE_ROWS, TEXTS, WORDS } from './session-page.ts'
import { FLAG, titleOf } from './session-row.ts'
import { Slices } from './slices.ts'
import { SMALL } from './state.ts'
import type { Verified } from './verified.ts'
import { FileCheck } from './verify-files.ts'

export interface Finding {
  /** File, relative to the data folder, or what it is about. */
  where: string
  what: string
  repaired: boolean
}

/** The documented result of `switchboard verify --json`. */
export interface Verdict {
  ok: boolean
  documents: number
  records: number
  messages: number
  sessions: number
  problems: Finding[]
}

export interface VerifyOptions {
  /** Rebuilds what can be rebuilt. */
  repair?: boolean
  progress?: (progress: Record<string, unknown>) => void
}

/** Reads everything there is and compares. Findings about a single session or key are looked at again before they count, for changes may have gone on meanwhile. */
export async function verify(store: Verified, options: VerifyOptions): Promise<Verdict> {
  return new Verification(store, options).run()
}

class Verification {
  readonly #store: Verified
  readonly #options: VerifyOptions
  readonly #problems: Finding[] = []
  readonly #slices = new Slices()
  readonly #files: FileCheck
  #documents = 0
  #messages = 0
  #records = 0

  constructor(store: Verified, options: VerifyOptions) {
    this.#store = store
    this.#options = options
    this.#files = new FileCheck(
      store,
      (where, what, repaired) => {
        this.#found(where, what, repaired)
      },
      options.repair === true,
    )
  }

  async run(): Promise<Verdict> {
    const { state } = this.#store
    await this.#journals()
    await this.#shards()
    await this.#small()
    await this.#files.read()
    const counted = await this.#segments()
    await this.#files.finish()
    await this.#compareCounts(counted)
    await this.#folds()
    const { all } = state.sessions.listing.counts()
    let listed = 0
    for (let n = 0; n < state.sessions.size; n++)
      if (!(state.sessions.word(n, WORDS.flags) & FLAG.merged)) listed++
    if (listed !== state.sessions.listing.counts().all)
      this.#found('index', `it lists ${String(all)} sessions and there are ${String(listed)}`, false)
    return {
      ok: this.#problems.every((p) => p.repaired),
      documents: this.#documents,
      records: this.#records,
      messages: this.#messages,
      sessions: state.sessions.size,
      problems: this.#problems,
    }
  }

  async #journals(): Promise<void> {
    const { disk, paths } = this.#store
    for (const journal of await listJournals(disk, paths.folder)) {
      try {
        for await (const entry of readJournal(disk, journal)) {
          if (entry.kind === 'record') this.#records++
          // The end of the file that is being written may be half there: that is no fault.
          else if (entry.kind === 'bad')
            this.#found(
              this.#name(journal.file),
              `the record at byte ${String(entry.line.at)}: ${entry.why}`,
              false,
            )
          await this.#slices.pause()
        }
      } catch (error) {
        if (!isCode(error, 'ENOENT')) throw error
      }
      this.#tell('journals')
    }
  }

  /** Sessions and acts: the documents against the index. */
  async #shards(): Promise<void> {
    const { paths, state } = this.#store
    for (const [i, page] of state.sessions.pages.entries()) {
      if (page.written === 0) continue
      const rows = await this.#rows(paths.sessions(i + 1), 'sessions')
      if (!rows) {
        page.changed = Math.max(page.changed, page.written + 1)
        continue
      }
      // Only an undisturbed page can be compared.
      if (page.changed > page.written) continue
      if (rows.length !== page.rows)
        this.#found(
          this.#name(paths.sessions(i + 1)),
          `it has ${String(rows.length)} sessions, the index ${String(page.rows)}`,
          false,
        )
      for (const [row, line] of rows.entries()) {
        const session = JSON.parse(line) as Session
        if (page.changed <= page.written && !sameDocument(session, state.sessions.get(i * PAGE_ROWS + row)))
          this.#found(`session ${session._id}`, 'the index and the document differ', this.#redo(page))
        await this.#slices.pause()
      }
    }
    for (const [i, shard] of state.acts.shards.entries()) {
      if (shard.written > 0 && !(await this.#rows(paths.acts(i + 1), 'acts')))
        shard.changed = Math.max(shard.changed, shard.written + 1)
    }
  }

  #redo(page: { changed: number; written: number }): boolean {
    if (this.#options.repair) page.changed = page.written + 1
    return this.#options.repair === true
  }

  async #small(): Promise<void> {
    const { paths, state } = this.#store
    for (const kind of SMALL) {
      const collection = state.small[kind]
      if (collection.written === 0) continue
      if (!(await this.#rows(paths.small(kind), kind)))
        collection.changed = Math.max(collection.changed, collection.written + 1)
    }
    await this.#rows(paths.store, 'store')
  }

  /** All messages: counted per session (of those emptied: where they are now), each SID once. */
  async #segments(): Promise<Uint32Array> {
    const { disk, paths, state } = this.#store
    const counts = new Uint32Array(state.sessions.size)
    const sids = new HashTable()
    const names = await disk.list(dirname(paths.segment(1)))
    const last = Math.max(0, ...names.map((name) => documentNumber(name) ?? 0))
    for (let number = 1; number <= last; number++) {
      const file = paths.segment(number)
      let rows = await this.#rows(file, 'messages')
      if (!rows && this.#options.repair) {
        await this.#store.repairSegment(number)
        rows = await this.#rows(file, 'messages')
      }
      for (const line of rows ?? []) {
        this.#message(JSON.parse(line) as Message, counts, sids)
        await this.#slices.pause()
      }
      this.#tell('messages')
    }
    return counts
  }

  #message(message: Message, counts: Uint32Array, sids: HashTable): void {
    const { sessions } = this.#store.state
    this.#messages++
    this.#files.note(message)
    if (!sids.add(quickHash(message.sid), 1))
      this.#found(`message ${message._id}`, `its SID ${message.sid} is there twice`, false)
    if (this.#store.state.segmentsFor(message.sid).length === 0)
      this.#found(`message ${message._id}`, 'the index does not know it', false)
    const number = sessions.find(message.session_id)
    const home =
      number === undefined
        ? undefined
        : sessions.word(number, WORDS.flags) & FLAG.merged
          ? sessions.resolve(message.session_id)?._id
          : message.session_id
    const root = home === undefined ? undefined : home === message.session_id ? number : sessions.find(home)
    if (root === undefined) {
      this.#found(`message ${message._id}`, `its session ${message.session_id} does not exist`, false)
      return
    }
    counts[root] = (counts[root] ?? 0) + 1
    const key = sessions.keys.key(sessions.word(root, WORDS.key))
    if (
      key.channel_id !== message.channel_id ||
      key.communication_type !== message.communication_type ||
      key.contact !== message.contact
    )
      this.#found(
        `message ${message._id}`,
        `it is in session ${home ?? ''}, which is another contact's`,
        false,
      )
  }

  async #compareCounts(counts: Uint32Array): Promise<void> {
    const { state } = this.#store
    for (const [number, count] of counts.entries()) {
      if (state.sessions.word(number, WORDS.flags) & FLAG.merged) continue
      if (state.sessions.word(number, WORDS.count) !== count)
        await this.#recount(state.sessions.page(number).text(number % PAGE_ROWS, TEXTS.id))
      if (number % 100 === 0) await this.#slices.pause()
    }
  }

  async #recount(id: string): Promise<void> {
    const { state } = this.#store
    const before = state.sessions.resolve(id)
    const own = await this.#store.messages([id])
    const session = state.sessions.resolve(id)
    if (
      session?._id !== id ||
      session.message_count === own.length ||
      before?.message_count !== session.message_count
    )
      return
    const what = `it says ${String(session.message_count)} messages and has ${String(own.length)}`
    if (this.#options.repair && own.length > 0)
      await this.#store.commit({ why: 'repair', sessions: [{ ...session, message_count: own.length }] })
    this.#found(`session ${id}`, what, this.#options.repair === true && own.length > 0)
    if (
      session.title !==
      titleOf({ communication_type: session.communication_type, contact: session.metadata.fromNumber })
    )
      this.#found(`session ${id}`, `its title is ${session.title}`, false)
  }

  async #folds(): Promise<void> {
    const { state } = this.#store
    const gaps = new GapHistory([...state.small.gaps.rows.values()])
    for await (const problem of foldProblems(this.#store, gaps, () => {
      this.#tell('sessions')
    }))
      this.#found(`${problem.key.communication_type} with ${problem.key.contact}`, problem.what, false)
  }

  /** Lines of a document; undefined when it is damaged or gone, which is a finding. */
  async #rows(file: string, kind: string): Promise<string[] | undefined> {
    this.#documents++
    try {
      const { header, lines } = decodeDocument(file, await this.#store.disk.readFile(file))
      if (header.kind === kind) return lines
      throw new DamagedDocument(file, `it holds ${header.kind}`)
    } catch (error) {
      const gone = isCode(error, 'ENOENT')
      if (!gone && !(error instanceof DamagedDocument)) throw error
      const segments = kind === 'messages'
      if (this.#options.repair && !gone && !segments) await this.#store.setAside(file)
      this.#found(
        this.#name(file),
        gone ? 'the document is gone' : `the document is damaged: ${(error as Error).message}`,
        this.#options.repair === true,
      )
      return undefined
    }
  }

  #found(where: string, what: string, repaired: boolean): void {
    this.#problems.push({ where, what, repaired })
  }

  #tell(doing: string): void {
    this.#options.progress?.({
      doing,
      documents: this.#documents,
      messages: this.#messages,
      problems: this.#problems.length,
    })
  }

  #name(file: string): string {
    return file.slice(this.#store.paths.folder.length + 1)
  }
}

/** Equal whatever the order of their fields. */
function sameDocument(a: unknown, b: unknown): boolean {
  return sorted(a) === sorted(b)
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([x], [y]) => (x < y ? -1 : 1)))
      : part,
  )
}
