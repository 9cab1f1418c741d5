import type { LineView, SessionView } from '../../../shared/contract.ts'

/** The sessions this screen knows, by whose they are: what the feed tells of one says something of the others too. */
export class Neighbours {
  readonly #session: (id: string) => SessionView | undefined
  readonly #byNumber = new Map<string, Set<string>>()

  constructor(session: (id: string) => SessionView | undefined) {
    this.#session = session
  }

  add({ _id, metadata }: SessionView): void {
    const known = this.#byNumber.get(metadata.fromNumber)
    if (known) known.add(_id)
    else this.#byNumber.set(metadata.fromNumber, new Set([_id]))
  }

  /** Those of a key whose order changed, as they stand now. */
  lined(line: LineView): SessionView[] {
    const places = new Map(line.ids.map((id, at) => [id, at]))
    return this.#ofNumber(line.contact)
      .filter((session) => isOfKey(session, line))
      .flatMap((session) => changed(session, placed(session, line, places.get(session._id))))
  }

  #ofNumber(number: string): SessionView[] {
    const ids = this.#byNumber.get(number) ?? []
    return [...ids].flatMap((id) => this.#session(id) ?? []).filter((s) => s.merged_into === undefined)
  }
}

const isOfKey = (session: SessionView, key: Pick<LineView, 'channel_id' | 'communication_type'>): boolean =>
  session.channel_id === key.channel_id && session.communication_type === key.communication_type

type Place = Pick<SessionView, 'place' | 'of' | 'earlier' | 'later'>

function placed({ place, of, earlier, later }: SessionView, line: LineView, at: number | undefined): Place {
  if (at === undefined)
    return { place: place < line.from ? place : line.of - (of - place), of: line.of, earlier, later }
  const now = line.from + at
  return {
    place: now,
    of: line.of,
    earlier: line.ids[at - 1] ?? (now === 1 ? null : earlier),
    later: line.ids[at + 1] ?? (now === line.of ? null : later),
  }
}

function changed(session: SessionView, now: Place): SessionView | [] {
  const { place, of, earlier, later } = session
  const isSame = place === now.place && of === now.of && earlier === now.earlier && later === now.later
  return isSame ? [] : { ...session, ...now }
}
