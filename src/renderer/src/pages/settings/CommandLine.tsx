import { useConsole } from '../../state/app.ts'
import { useCell } from '../../state/cell.ts'
import { commandLine } from './commands.ts'

/** A command to be typed, as it works on the folder of the console shown here. */
export function CommandLine({ words }: { words: string }) {
  const truth = useCell(useConsole().truth)
  return <code>{commandLine(words, truth?.data_folder)}</code>
}
