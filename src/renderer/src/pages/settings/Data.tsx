import { Button } from '../../parts/Button.tsx'
import { useApp, useConsole } from '../../state/app.ts'
import { useCell } from '../../state/cell.ts'
import { CommandLine } from './CommandLine.tsx'
import { HelpLog } from './StatusHelp.tsx'
import { Line, Section } from './Parts.tsx'

/** Opens a folder of the console's in the system's own file manager; only the desktop app can. */
function OpenFolder({ what, words }: { what: 'data' | 'logs'; words: string }) {
  const { transport } = useApp()
  const console = useConsole()
  if (transport.kind !== 'ipc') return null
  const open = async () => {
    const result = await console.ask('app.open_folder', { what })
    if (!result.ok) console.toasts.fail(result.error.message)
  }
  return <Button onClick={() => void open()}>{words}</Button>
}

export function Data() {
  const truth = useCell(useConsole().truth)
  return (
    <Section
      id="data"
      title="Data and backup"
      lead="Everything is in one folder on this computer, as files you can read."
    >
      <Line title="Data folder" about={truth && <code className="set__path">{truth.data_folder}</code>}>
        <OpenFolder what="data" words="Open the folder" />
      </Line>
      <Line
        title="Back up"
        about={
          <>
            A backup a day is kept by itself; pictures and other files stay beside it in the data folder.
            Status above makes one with them at a press. <CommandLine words="backup --out FILE" /> writes all
            of it to one file to keep elsewhere, also while the console runs.
          </>
        }
      />
      <Line
        title="Bring in what you have"
        about={
          <>
            <CommandLine words="import FILE" /> takes Twilio’s message log as its console exports it, or what
            its API gave. Each message goes where it belongs by its time; twice changes nothing.
          </>
        }
      />
      <Line
        title="Restore"
        about={
          <>
            Close the console, then <CommandLine words="restore FILE" />. The backup is checked before
            anything is replaced, and what it lacks is said.
          </>
        }
      />
      <Line
        title="Check"
        about={
          <>
            <CommandLine words="verify" /> reads every record and says what it finds.
          </>
        }
      />
      <Line
        title="Take it elsewhere"
        about={
          <>
            <CommandLine words="export --format csv --out FILE" /> writes the messages; json and html are
            there too.
          </>
        }
      />
    </Section>
  )
}

export function Logs() {
  const { transport } = useApp()
  const truth = useCell(useConsole().truth)
  return (
    <Section
      id="logs"
      title="Logs"
      lead="What arrived, which session it went to and why: the first place to look when a session is not as expected."
    >
      <Line
        title="Log files"
        about={transport.kind === 'ipc' ? 'Only your own user can read them.' : logsOf(truth?.data_folder)}
      >
        <OpenFolder what="logs" words="Open the folder" />
      </Line>
      <HelpLog />
    </Section>
  )
}

const logsOf = (data = 'the data folder') =>
  `The folder logs in ${data}, on the computer the console runs on; only your own user can read them.`

export function About() {
  const truth = useCell(useConsole().truth)
  return (
    <Section id="about" title="About">
      <Line
        title="Switchboard"
        about={<span className="n">{truth ? `Version ${truth.version}` : 'Reading the version'}</span>}
      />
      <Line
        title="Webhooks"
        about={
          truth && (
            <>
              Twilio’s messages are taken at{' '}
              <code className="set__path">{truth.public_base ?? truth.webhooks}</code>
            </>
          )
        }
      />
    </Section>
  )
}
