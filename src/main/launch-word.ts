/** What the process that started us (scripts/start.mjs) wants to know, one JSON value a line on stdout. */
export type LaunchWord =
  /** The page has painted and made one round trip. */
  | { event: 'painted' }
  /** Another Switchboard was running and has come to the front. */
  | { event: 'handed-over' }
  /** It can't start, and a browser console could not either. */
  | { event: 'refused'; because: string }

/** Says it to a launcher that listens; a person who starts the app from a terminal is spared. */
export function tellLauncher(
  word: LaunchWord,
  env: NodeJS.ProcessEnv,
  out: { write(text: string): unknown },
): void {
  if (env['SWITCHBOARD_LAUNCH'] === '1') out.write(`${JSON.stringify(word)}\n`)
}
