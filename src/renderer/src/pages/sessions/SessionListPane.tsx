import { Banner } from '../../parts/Banner.tsx'
import { Button, IconButton } from '../../parts/Button.tsx'
import { Empty } from '../../parts/Empty.tsx'
import { Tabs } from '../../parts/Tabs.tsx'
import { useConsole } from '../../state/app.ts'
import { useCell } from '../../state/cell.ts'
import { countOf, type Filter, type Query } from '../../state/query.ts'
import { figure } from '../../words.ts'
import { Rows } from './Rows.tsx'
import { Bones } from './Bones.tsx'
import { emptyWords } from './emptyWords.ts'
import './list.css'

/** The list with what narrows it: medium, needs reply, unread, closed, and the order. */
export function SessionListPane() {
  const console = useConsole()
  const { query, state, total, message } = useCell(console.list.view)
  const counts = useCell(console.counts)
  const show = (change: Partial<Query>) => console.show({ ...query, ...change })
  return (
    <section className="list" aria-label="Sessions">
      <Tabs
        label="Medium"
        controls="session-rows"
        value={query.type}
        onChange={(type) => show({ type })}
        tabs={[
          { value: 'all', words: 'All', count: counts.all },
          { value: 'whatsapp', words: 'WhatsApp', count: counts.whatsapp },
          { value: 'sms', words: 'SMS', count: counts.sms },
          { value: 'voice', words: 'Voice', count: counts.voice },
        ]}
      />
      {counts.all > 0 && <Filters query={query} show={show} />}
      <div className="list__body" id="session-rows" role="tabpanel" aria-label="Sessions of this medium">
        {state === 'failed' && (
          <Banner
            tone="danger"
            icon="alert"
            action={<Button onClick={() => void console.list.again()}>Read it again</Button>}
          >
            The list could not be read. {message}
          </Banner>
        )}
        {state === 'loading' && <Bones />}
        {state === 'ready' && total === 0 && <Nobody query={query} show={show} />}
        {state === 'ready' && total > 0 && <Rows />}
      </div>
    </section>
  )
}

interface FilterProps {
  query: Query
  show: (change: Partial<Query>) => void
}

function Filters({ query, show }: FilterProps) {
  const counts = useCell(useConsole().counts)
  const latest = query.order === 'latest'
  const choose = (filter: Filter) => {
    const next = query.filter === filter ? 'all' : filter
    show({ filter: next, order: next === 'waiting' ? 'longest_waiting' : 'latest' })
  }
  const toggle = (filter: Filter, words: string, count?: number) => (
    <button
      type="button"
      className={`filter ${filter === 'waiting' ? 'filter--lamp' : ''}`}
      aria-pressed={query.filter === filter}
      onClick={() => choose(filter)}
    >
      {words}
      {count !== undefined && <span className="n">{count > 0 && figure(count)}</span>}
    </button>
  )
  return (
    <div className="filters" role="group" aria-label="Filter">
      {toggle('waiting', 'Needs reply', countOf(counts, query.type, 'waiting'))}
      {toggle('unread', 'Unread', countOf(counts, query.type, 'unread'))}
      {toggle('closed', 'Closed')}
      <span className="grow" />
      {/* Who needs a reply always stands by how long they have been waiting. */}
      {query.filter !== 'waiting' && (
        <IconButton
          icon={latest ? 'filter' : 'clock'}
          label={latest ? 'Order: latest first' : 'Order: longest wait first, only who waits'}
          onClick={() => show({ order: latest ? 'longest_waiting' : 'latest' })}
        />
      )}
    </div>
  )
}

function Nobody({ query, show }: FilterProps) {
  const counts = useCell(useConsole().counts)
  const { title, words, elsewhere } = emptyWords(query, counts)
  const narrowed = query.filter !== 'all' || query.type !== 'all'
  return (
    <Empty
      title={title}
      action={
        elsewhere ? (
          <Button onClick={() => show({ type: 'all' })}>Show them</Button>
        ) : (
          narrowed &&
          counts.all > 0 && (
            <Button onClick={() => show({ filter: 'all', type: 'all', order: 'latest' })}>
              Show all {figure(counts.all)}
            </Button>
          )
        )
      }
    >
      {words}
    </Empty>
  )
}
