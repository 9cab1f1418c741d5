import type { Handlers } from '../../shared/contract.ts'
import { SwitchboardError } from '../../shared/errors.ts'

const notHere = (): never => {
  throw new SwitchboardError('not_possible', { what: 'This is not possible here.' })
}

/** Requests that only the desktop app or a simulation can answer. */
export const ELSEWHERE = {
  'simulation.kept': notHere,
  'simulation.start': notHere,
  'simulation.stop': notHere,
  'phone.text': notHere,
  'phone.call': notHere,
  'phone.advance': notHere,
  'phone.scenario': notHere,
  'phone.get': notHere,
  'phone.remove': notHere,
  'live.get': notHere,
  'live.account': notHere,
  'live.forget': notHere,
  'live.numbers': notHere,
  'live.choose': notHere,
  'live.way': notHere,
  'live.go': notHere,
  'live.leave': notHere,
  'live.test': notHere,
  'app.open_folder': notHere,
  'app.save_file': notHere,
  'app.open_link': notHere,
  'app.get': notHere,
  'app.set': notHere,
  'app.painted': () => ({}),
} satisfies Partial<Handlers>
