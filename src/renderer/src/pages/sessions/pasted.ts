/**
 * The files that a paste brings. Word and spreadsheets lay a picture of the words beside them: there the words are meant,
 * in both their forms. A picture copied from a page has no plain words, a file from a folder no formatted ones.
 */
export function pastedFiles({ types, files }: Pick<DataTransfer, 'types' | 'files'>): File[] {
  return types.includes('text/plain') && types.includes('text/html') ? [] : [...files]
}
