import { Empty } from '../../parts/Empty.tsx'

/** Placeholder until the page itself lands. */
export function ContactsPage() {
  return (
    <main className="page" id="main" tabIndex={-1}>
      <Empty title="Contacts">This page is on its way.</Empty>
    </main>
  )
}
