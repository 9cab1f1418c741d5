import { expect, test } from 'vitest'
import { pastedFiles } from '../../src/renderer/src/pages/sessions/pasted.ts'

const picture = new File(['x'], 'image.png', { type: 'image/png' })
const pasted = (...types: string[]) => {
  const files: ArrayLike<File> & Iterable<File> = types.includes('Files') ? [picture] : []
  return pastedFiles({ types, files: files as FileList })
}

test('a picture and a file are attached; words with a picture of them, from Word or a spreadsheet, stay words', () => {
  expect(pasted('Files')).toEqual([picture])
  // Copied from a page, and in a folder of a Mac.
  expect(pasted('text/html', 'Files')).toEqual([picture])
  expect(pasted('text/plain', 'Files')).toEqual([picture])
  expect(pasted('text/plain', 'text/html', 'text/rtf', 'Files')).toEqual([])
  expect(pasted('text/plain')).toEqual([])
})
