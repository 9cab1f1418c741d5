import { iso } from '../../iso.ts'
import type { Line } from './facts.ts'
import { spanWords, bytes, toMinute } from './words.ts'

/** What a clock may differ from Twilio's, ms: more is said (design §3). */
const CLOCKS_DIFFER = 5_000

export const clockLine: Line = ({ ahead, isSimulation }) => {
  if (isSimulation || ahead === undefined || Math.abs(ahead) <= CLOCKS_DIFFER) return undefined
  const by = spanWords(Math.abs(ahead))
  return {
    id: 'clock',
    title: 'Clock',
    state: 'trouble',
    sentence: `This computer’s clock is ${by} ${ahead > 0 ? 'behind' : 'ahead of'} Twilio’s, so messages get a wrong time. Let the system set the clock by itself, then read again.`,
    action: { label: 'Read again', request: 'catch_up.start' },
  }
}

/** Below so much a warning is due: a day of a busy number with pictures, and the backup beside it. */
const LITTLE_ROOM = 1_000_000_000

export const diskLine: Line = ({ disk: { state, room } }) => {
  const part = { id: 'disk', title: 'Disk' } as const
  const back = { label: 'Back up now', request: 'backup.now' } as const
  const where = { label: 'Data folder', request: 'go_data' } as const
  if (state.state !== 'ok') return { ...part, state: 'trouble', sentence: state.reason, action: where }
  if (!room) return { ...part, state: 'well', sentence: 'The data folder can be written.', action: back }
  const little = room.free < LITTLE_ROOM
  const backup = room.backup
    ? `Last backup at ${toMinute(iso(room.backup.at))}, verified.`
    : 'No backup yet; one a day is made by itself.'
  const failed = room.backupProblem && `Today’s could not be made: ${room.backupProblem}`
  return {
    ...part,
    state: little || failed ? 'trouble' : 'well',
    sentence: [
      `${bytes(room.used)} used, ${bytes(room.free)} free.`,
      little && 'Free some space before nothing can be taken any more.',
      backup,
      failed,
    ]
      .filter(Boolean)
      .join(' '),
    action: little ? where : back,
  }
}
