import { Empty } from '../../parts/Empty.tsx'

/** Shown in place of a session while there are none at all. Placeholder until the page itself lands. */
export function Welcome() {
  return <Empty title="Welcome to Switchboard">Texts, WhatsApp messages and calls arrive here.</Empty>
}
