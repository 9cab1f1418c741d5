/** A word as a shell takes it, whatever is in it: of Windows where it is a path of Windows, else of all others. */
export function shellWord(text: string): string {
  if (/^([a-z]:[\\/]|\\\\)/i.test(text)) return /^[\w\\/:.-]+$/.test(text) ? text : `"${text}"`
  return /^[\w/:.,@+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

/** A command that works on this data folder from wherever it is typed; without one, on the usual folder. */
export function commandLine(words: string, folder: string | undefined): string {
  const command = `npx --no-install switchboard ${words}`
  return folder ? `${command} --data ${shellWord(folder)}` : command
}
