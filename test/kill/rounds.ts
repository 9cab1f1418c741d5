import { cp, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { REAL_DEFAULTS, rules } from '../../src/server/replies/index.ts'
import { createSwitchboard, type Switchboard } from '../../src/server/switchboard.ts'
import { createIds, createLog, manualClock } from '../../src/server/system/index.ts'
import { inconsistencies } from './check.ts'
import { ConsoleProcess, Dead } from './process.ts'
import type { Start } from './protocol.ts'
import { Chance } from './random.ts'
import { Ledger, Traffic } from './traffic.ts'

interface Place {
  name: string
  operation: NonNullable<Start['death']>['operation']
  match: string
  /** Within so many of these a round dies. */
  within: number
}

/** Where a round's process may die, beside any moment at all. */
const PLACES: readonly Place[] = [
  { name: 'a record going down', operation: 'write', match: '/journal/\\d+\\.ndjson$', within: 15 },
  { name: 'a record being flushed', operation: 'sync', match: '/journal/\\d+\\.ndjson$', within: 15 },
  { name: 'rotation', operation: 'open', match: '/journal/\\d+\\.ndjson$', within: 4 },
  { name: 'a journal being compressed', operation: 'rename', match: '/journal/closed/', within: 3 },
  { name: 'a compressed journal', operation: 'remove', match: '/journal/\\d+\\.ndjson$', within: 6 },
  { name: 'a message document', operation: 'rename', match: '/messages/', within: 3 },
  { name: 'a session document', operation: 'rename', match: '/sessions/', within: 2 },
  { name: 'a document half written', operation: 'write', match: '/(messages|sessions|acts)/\\.', within: 4 },
  { name: 'a small document', operation: 'rename', match: '/(channels|gaps|settings)\\.json$', within: 1 },
  { name: 'the index', operation: 'rename', match: '/index/', within: 2 },
  { name: 'the index half written', operation: 'write', match: '/index/', within: 3 },
  { name: 'the end of a checkpoint', operation: 'rename', match: '/store\\.json$', within: 2 },
  { name: 'a backup half written', operation: 'write', match: 'backup.*\\.gz', within: 3 },
  { name: 'a backup taking its place', operation: 'rename', match: 'backup.*\\.gz$', within: 1 },
  { name: 'a journal that a backup covers', operation: 'remove', match: '/closed/.*gz$', within: 2 },
  { name: 'taking the folder over', operation: 'rename', match: '/running\\.json$', within: 2 },
]

export const ANY = 'any moment'

export interface Rounds {
  rounds: number
  seed: number
  /** Grows over all rounds. */
  folder: string
  /** For copies and files to import. */
  scratch: string
  /** Told after each round. */
  progress?: (line: string) => void
}

export interface Tally {
  /** Rounds by the place of death. */
  places: Map<string, number>
  acknowledged: number
  answers: number
  sessions: number
  acts: number
}

/** Kills the console in the middle of its work, again and again, and throws when anything it had acknowledged is not so. */
export async function killRounds({ rounds, seed, folder, scratch, progress }: Rounds): Promise<Tally> {
  const chance = new Chance(seed)
  const ledger = new Ledger()
  const places = new Map<string, number>()
  let ahead: Place[] = []
  await mkdir(scratch, { recursive: true })
  let next = new ConsoleProcess(scratch)
  let sessions = 0
  try {
    for (let round = 1; round <= rounds; round++) {
      const console = next
      // Loads its modules while this round runs.
      next = new ConsoleProcess(scratch)
      // Every place has its turn, in another order each time; every fifth round dies at any moment.
      if (ahead.length === 0) ahead = chance.shuffled(PLACES)
      const place = round % 5 === 0 ? undefined : ahead.pop()
      const where = await oneRound(console, place, chance, ledger, { folder, scratch })
      places.set(where, (places.get(where) ?? 0) + 1)
      const story = `seed ${seed}, round ${round} of ${rounds}, killed at ${where}`
      sessions = await judge(ledger, { folder, copy: join(scratch, 'copy') }, story)
      progress?.(`${story}: ${ledger.acknowledged.size} messages, ${sessions} sessions`)
    }
  } finally {
    await next.kill()
  }
  return {
    places,
    acknowledged: ledger.acknowledged.size,
    answers: ledger.answers,
    sessions,
    acts: ledger.acts.size,
  }
}

async function oneRound(
  console: ConsoleProcess,
  place: Place | undefined,
  chance: Chance,
  ledger: Ledger,
  { folder, scratch }: { folder: string; scratch: string },
): Promise<string> {
  // Most restarts find the clock a little later, some find it set back.
  ledger.now += chance.between(-10, 20) * 30_000
  const death: Start['death'] = place && {
    operation: place.operation,
    match: place.match,
    nth: chance.between(1, place.within),
    when: chance.pick(['before', 'half', 'after']),
  }
  const load = place
    ? { answers: 100, late: 0, diesOfItself: true }
    : { answers: chance.between(1, 200), late: chance.between(0, 4), diesOfItself: false }

  let end = 'died'
  try {
    const { webhooks } = await console.start({ folder, at: ledger.now, death })
    const traffic = new Traffic(console, ledger, chance, { webhooks, folder, scratch })
    end = await traffic.run(load)
    if (traffic.wrong.length > 0) throw new Error(traffic.wrong.join('\n'))
  } catch (error) {
    if (!(error instanceof Dead)) throw error
  }
  const signal = await console.ended
  if (signal !== 'SIGKILL')
    throw new Error(`the console ended by itself (${String(signal)}): ${console.errors}`)
  return end === 'died' && place ? place.name : ANY
}

/** Opens a copy of what the killed process left, so that the next one finds it untouched, and compares. */
async function judge(
  ledger: Ledger,
  { folder, copy }: { folder: string; copy: string },
  story: string,
): Promise<number> {
  await rm(copy, { recursive: true, force: true })
  await cp(folder, copy, { recursive: true })
  const clock = manualClock(ledger.now)
  const switchboard = await createSwitchboard({
    world: 'real',
    folder: copy,
    clock,
    ids: createIds(clock),
    log: createLog({ clock, sinks: [] }),
    credentials: () => undefined,
    version: 'test',
    replies: { responder: rules, defaults: REAL_DEFAULTS },
  })
  const wrong = await faultsOf(switchboard, ledger)
  const sessions = switchboard.store.counts().all
  await switchboard.close()
  if (wrong.length > 0) throw new Error(`${story}; see ${copy}\n${wrong.slice(0, 20).join('\n')}`)
  return sessions
}

async function faultsOf({ store }: Switchboard, ledger: Ledger): Promise<string[]> {
  // Half a record at the end of the journal is what a kill leaves; nobody had been told of it.
  const wrong = store
    .problems()
    .filter((p) => !p.what.includes('half a record'))
    .map((p) => `${p.file}: ${p.what}; ${p.done}`)
  const found = await inconsistencies(store)
  wrong.push(...found.wrong)

  const bySid = new Map(found.messages.map((m) => [m.sid, m]))
  for (const sid of ledger.acknowledged)
    if (!bySid.has(sid)) wrong.push(`${sid} was acknowledged and is gone`)
  for (const [sid, message] of bySid) {
    const offer = ledger.offered.get(sid)
    if (!offer) wrong.push(`${sid} was never offered`)
    else if (offer.content !== undefined && offer.content !== message.content)
      wrong.push(`${sid} says ${JSON.stringify(message.content)}`)
  }
  for (const sid of ledger.delivered)
    if (bySid.get(sid)?.status !== 'delivered') wrong.push(`${sid} was delivered and is not any more`)
  for (const sid of ledger.ended)
    if (bySid.get(sid)?.call?.status !== 'completed')
      wrong.push(`the end of call ${sid} was acknowledged and is gone`)

  const acts = new Set([...store.keys()].flatMap((key) => store.key(key).acts.acts.map((a) => a._id)))
  for (const id of ledger.acts) if (!acts.has(id)) wrong.push(`act ${id} was acknowledged and is gone`)
  const gaps = store.gaps().length
  if (gaps < ledger.gaps.made || gaps > ledger.gaps.offered)
    wrong.push(`${gaps} gap changes; ${ledger.gaps.made} were acknowledged of ${ledger.gaps.offered}`)

  const verdict = await store.verify()
  wrong.push(...verdict.problems.map((p) => `verify: ${p.where}: ${p.what}`))
  return wrong
}
