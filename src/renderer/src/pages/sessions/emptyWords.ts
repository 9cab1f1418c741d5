import type { CountsView } from '../../../../shared/contract.ts'
import type { Medium } from '../../../../shared/documents.ts'
import { countOf, type Filter, type Query } from '../../state/query.ts'
import { figure, MEDIUM_NAMES } from '../../words.ts'

interface EmptyWords {
  title: string
  words: string
  /** By another medium there are some. */
  elsewhere: boolean
}

/** In the order of the tabs. */
const MEDIA: readonly Medium[] = ['whatsapp', 'sms', 'voice']

const NOBODY: Record<Filter, { title: string; of: string; words: string }> = {
  all: {
    title: 'No sessions yet',
    of: 'No sessions',
    words: 'Each conversation gets a row here: who, the last words, and how long they have been waiting.',
  },
  waiting: {
    title: 'Nobody is waiting',
    of: 'Nobody waits',
    words: 'Every contact has had an answer, or their session was closed.',
  },
  unread: { title: 'Nothing unread', of: 'Nothing unread', words: 'You have seen every message.' },
  closed: {
    title: 'Nothing closed',
    of: 'Nothing closed',
    words: 'A session you close stays here, and its contact’s next message begins a new one.',
  },
}

/** What an empty list says: of its medium only, and what there is by the others. */
export function emptyWords({ type, filter, order }: Query, counts: CountsView): EmptyWords {
  if (order === 'longest_waiting' && (filter === 'unread' || filter === 'closed'))
    return {
      title: `Nobody waits among the ${filter}`,
      words: 'In this order stand only those who wait for an answer.',
      elsewhere: false,
    }
  const wanted = order === 'longest_waiting' ? 'waiting' : filter
  const { title, of, words } = NOBODY[wanted]
  if (type === 'all') return { title, words, elsewhere: false }
  const others = MEDIA.filter((medium) => medium !== type && countOf(counts, medium, wanted) > 0)
  const by = (medium: Medium) => `by ${MEDIUM_NAMES[medium]}`
  const some = others.map((medium, at) => {
    const count = countOf(counts, medium, wanted)
    return `${figure(count)}${at === 0 ? verb(wanted, count) : ''} ${by(medium)}`
  })
  return {
    title: `${of} ${by(type)}${wanted === 'all' ? ' yet' : ''}`,
    words: some.length > 0 && wanted !== 'all' ? `${some.join(', ')}.` : words,
    elsewhere: some.length > 0 && wanted !== 'all',
  }
}

function verb(filter: Filter, count: number): string {
  if (filter === 'waiting') return count === 1 ? ' waits' : ' wait'
  return filter === 'all' ? '' : ` ${filter}`
}
