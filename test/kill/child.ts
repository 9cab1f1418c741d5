/** The console as a process of its own, started and stopped by test/kill: the real composition, on a clock the test moves. */
import { flushCompileCache } from 'node:module'
import { fixedAccount } from '../../src/server/account.ts'
import { startApplication, type Application } from '../../src/server/application.ts'
import type { SessionActs } from '../../src/server/intake/acts.ts'
import { manualClock, type ManualClock } from '../../src/server/system/index.ts'
import { SwitchboardError } from '../../src/shared/errors.ts'
import { DyingDisk } from './dying-disk.ts'
import { ACCOUNT, type Answer, type Done, type Order, type Request, type Start, TOKEN } from './protocol.ts'

// Nothing is left to be done at exit: there is none.
flushCompileCache()

let running: { application: Application; clock: ManualClock } | undefined

process.on('message', (request: Request) => {
  void obey(request.order).then(
    (done) => tell({ id: request.id, done }),
    (error: unknown) =>
      tell({
        id: request.id,
        failed: error instanceof Error ? (error.stack ?? error.message) : String(error),
      }),
  )
})
// Whoever made it is gone.
process.on('disconnect', () => process.exit(0))

function tell(answer: Answer): void {
  process.send?.(answer)
}

async function obey(order: Order): Promise<Done[Order['do']]> {
  if (order.do === 'start') return start(order.start)
  if (!running) throw new Error('it has not been started')
  const { application, clock } = running
  switch (order.do) {
    case 'advance':
      clock.advance(order.ms)
      return null
    case 'act':
      return { acts: await act(application, order) }
  }
}

async function start({ folder, at, death }: Start): Promise<Done['start']> {
  const clock = manualClock(at)
  const application = await startApplication({
    folder,
    clock,
    webhookPorts: [0],
    consolePorts: [],
    pageFolder: folder,
    version: 'test',
    account: fixedAccount({ accountSid: ACCOUNT, authToken: TOKEN }),
    store: {
      // Small, so that every round sees rotations and checkpoints.
      recordsPerFile: 20,
      recordsPerCheckpoint: 60,
      ...(death && { disk: new DyingDisk({ ...death, match: new RegExp(death.match) }) }),
    },
  })
  running = { application, clock }
  return { webhooks: application.main.webhooks }
}

async function act(
  { main }: Application,
  { act, session, message }: Extract<Order, { do: 'act' }>,
): Promise<string[]> {
  const { sessions } = main.store.sessions({})
  const id = sessions[session % Math.max(1, sessions.length)]?._id
  if (id === undefined) return []
  const doing: Record<typeof act, () => ReturnType<SessionActs['close']>> = {
    close: () => main.acts.close(id),
    reopen: () => main.acts.reopen(id),
    merge: () => main.acts.mergeWithEarlier(id),
    split: async () => {
      const messages = await main.store.messages([id])
      return main.acts.split(id, messages[message % messages.length]?._id ?? '')
    },
  }
  try {
    return (await doing[act]()).after.map((a) => a._id)
  } catch (error) {
    // Not every session can be merged or split, and one may be gone by now.
    if (error instanceof SwitchboardError) return []
    throw error
  }
}
