import type { ContentView } from '../../shared/contract.ts'
import { SwitchboardError } from '../../shared/errors.ts'
import type { Carrier, CarrierContent } from '../carrier/carrier.ts'
import type { Clock } from '../ports.ts'

/** The account's templates at Twilio, asked for when somebody looks at them. */
export interface Contents {
  /** As Twilio gives them now. */
  list(): Promise<ContentView[]>
  /** Throws SwitchboardError not_possible when there is none. */
  get(sid: string): Promise<ContentView>
}

/** What was listed so lately (ms) is what the person chose from. */
const FRESH = 10 * 60_000

interface Options {
  carrier: () => Carrier | undefined
  clock: Clock
}

export function createContents({ carrier, clock }: Options): Contents {
  let listed: { by: Carrier; at: number; all: ContentView[] } | undefined

  async function list(): Promise<ContentView[]> {
    const by = carrier()
    if (!by?.contents)
      throw new SwitchboardError('not_possible', {
        what: 'No Twilio account is set, so there are no templates. Set one in Settings.',
      })
    const outcome = await by.contents()
    if (!outcome.ok) throw new SwitchboardError('not_possible', { what: outcome.error.sentence })
    const all = outcome.value.filter(({ body }) => body !== '').map(viewOf)
    listed = { by, at: clock.now(), all }
    return all
  }

  return {
    list,
    async get(sid) {
      const isFresh = listed && listed.by === carrier() && clock.now() - listed.at < FRESH
      const known = isFresh ? listed?.all.find((one) => one.sid === sid) : undefined
      const one = known ?? (await list()).find((other) => other.sid === sid)
      if (one) return one
      throw new SwitchboardError('not_possible', {
        what: 'Twilio does not know this template any more. Choose another.',
      })
    },
  }
}

function viewOf({ approval, ...content }: CarrierContent): ContentView {
  return { ...content, approved: approval === null ? null : approval === 'approved' }
}
