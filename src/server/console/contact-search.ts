/** What a person is looked for by. */
export interface Sought {
  words: readonly string[]
  /** Runs of words that may be one number, as its digits. */
  numbers: readonly SoughtNumber[]
}

interface SoughtNumber {
  digits: string
  /** Written with a +: they are its beginning. */
  isWhole: boolean
  words: readonly string[]
}

/** Brackets, dashes of every kind, dots and slashes, as people set the digits of a number apart with. */
const NUMBER = /^[+()\d./\p{Pd}]*$/u
/** Zeros before a national number, or for the +: stored numbers have neither. */
const BEFORE = /^0+(?=\d{6})/

/**
 * The words of a search. What stands one behind the other and looks like a number is one, however it is set apart:
 * (570) 555-0142, 570.555.0142, +1 570-555.
 */
export function soughtBy(search: string): Sought {
  const words: string[] = []
  const numbers: SoughtNumber[] = []
  let run: string[] = []
  const end = (): void => {
    // A zero in brackets is dialled within the country only: +49 (0)151.
    const written = run.join('').replace('(0)', '')
    const digits = written.replace(/\D/g, '').replace(BEFORE, '')
    if (digits === '') words.push(...run)
    else numbers.push({ digits, isWhole: /^\(?\+/.test(written), words: run })
    run = []
  }
  for (const word of search.toLowerCase().split(/\s+/).filter(Boolean)) {
    if (NUMBER.test(word)) run.push(word)
    else {
      end()
      words.push(word)
    }
  }
  end()
  return { words, numbers }
}

/** Whether every word stands in `text`, and each number in that of the person or, word by word, in `text`. */
export function isSought({ words, numbers }: Sought, number: string, text: string): boolean {
  if (!words.every((word) => text.includes(word))) return false
  if (numbers.length === 0) return true
  const own = number.replace(/\D/g, '')
  return numbers.every(({ digits, isWhole, words: written }) => {
    const stands = isWhole ? own.startsWith(digits) : own.includes(digits)
    return stands || written.every((word) => text.includes(word))
  })
}
