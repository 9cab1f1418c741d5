import type { Dialog } from 'electron'
import type { Preferences } from './preferences.ts'

const TRAY = 0
const QUIT = 1

/**
 * What closing the last window means. Asked once, natively, because the two answers differ in whether messages are
 * taken at all; `Cancel` keeps the window and the question.
 */
export async function closingMeans(
  dialog: Pick<Dialog, 'showMessageBox'>,
  preferences: Preferences,
): Promise<'tray' | 'quit' | 'stay'> {
  const known = preferences.values.close_to_tray
  if (known !== 'ask') return known
  const { response } = await dialog.showMessageBox({
    type: 'question',
    message: 'Go on taking messages after this window is closed?',
    detail:
      'In the tray, Switchboard goes on taking messages and shows when there are new ones. You can change this in Settings.',
    buttons: ['Go on in the tray', 'Quit', 'Cancel'],
    defaultId: TRAY,
    cancelId: 2,
  })
  if (response !== TRAY && response !== QUIT) return 'stay'
  const answer = response === TRAY ? 'tray' : 'quit'
  // It holds for now also where the disk won't keep it: whoever has answered sees the window close.
  await preferences.set({ close_to_tray: answer }).catch(() => undefined)
  return answer
}
