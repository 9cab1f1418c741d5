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

  /**
   * The others of the same person where something is said of them too: the name is the person's over all media, and
   * whether and how long may be written to them is the key's.
   */
  beside(told: SessionView): SessionView[] {
    return this.#ofNumber(told.metadata.fromNumber).flatMap((other) => {
      if (other._id === told._id) return []
      const now = isOfKey(other, told) ? withWritability(other, told) : other
      const named = now.contact_name === told.contact_name ? now : { ...now, contact_name: told.contact_name }
      return named === other ? [] : named
    })
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

/** Whether, and until when, the contact may be written to by this key. */
const writability = ({ composer, window_until, opted_out, opt_out, sms_opted_out }: SessionView) => ({
  composer,
  opted_out,
  ...(window_until !== undefined && { window_until }),
  ...(opt_out !== undefined && { opt_out }),
  ...(sms_opted_out !== undefined && { sms_opted_out }),
})

function withWritability(session: SessionView, told: SessionView): SessionView {
  const now = writability(told)
  if (JSON.stringify(now) === JSON.stringify(writability(session))) return session
  const { window_until: _until, opt_out: _out, sms_opted_out: _sms, ...rest } = session
  return { ...rest, ...now }
}

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
