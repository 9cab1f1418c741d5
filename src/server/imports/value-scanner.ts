import { LONGEST_RECORD } from './text.ts'
import type { Found } from './types.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const NEWLINE = 0x0a

/**
 * Cuts a stream of JSON into the texts of its records without holding the whole: elements of a top-level array, of the
 * array `messages` of a page object, or top-level objects one after another. Only brackets and quotes are looked at;
 * whether a record is JSON is for its parser to say.
 */
export class ValueScanner {
  /** Brackets open around the current character. */
  #depth = 0
  /** Depth at which a record begins: 0, or inside the array of a page (2) or of the file (1). */
  #recordDepth = 0
  #inString = false
  #escaped = false
  #line = 1
  /** The record under way, and the line it begins on. */
  #text = ''
  #startLine = 1
  #isRecord = false
  #isTooLong = false
  /** The last string at depth 1 of a top-level object, to know the key `messages`. */
  #key = ''
  #keyFrom = -1
  sawPage = false

  get isOpen(): boolean {
    return this.#depth > 0
  }
  get isInText(): boolean {
    return this.#inString
  }
  get isInPage(): boolean {
    return this.#recordDepth === 2
  }

  /** Takes more of the file; returns the records that ended in it. */
  read(chunk: string): Found<string>[] {
    const found: Found<string>[] = []
    let from = this.#isRecord ? 0 : -1
    for (let i = 0; i < chunk.length; i++) {
      const c = chunk.charCodeAt(i)
      if (c === NEWLINE) {
        this.#line += 1
        // No JSON string holds a bare line's end: the quote was torn, and what follows is read anew.
        this.#inString = false
      }
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false
        else if (c === BACKSLASH) this.#escaped = true
        else if (c === QUOTE) {
          this.#inString = false
          if (this.#keyFrom >= 0) this.#key = (this.#key + chunk.slice(this.#keyFrom, i)).slice(0, 20)
          this.#keyFrom = -1
        }
        continue
      }
      if (c === QUOTE) {
        this.#inString = true
        if (this.#depth === 1 && this.#recordDepth === 0) {
          this.#key = ''
          this.#keyFrom = i + 1
        }
      } else if (c === 0x7b || c === 0x5b) {
        // A bracket that begins an array of records is none of a record itself.
        if (this.#opensArray(c)) {
          this.#recordDepth = this.#depth + 1
          this.#isRecord = false
          this.#text = ''
          from = -1
        } else if (!this.#isRecord && this.#depth === this.#recordDepth) {
          this.#isRecord = true
          this.#startLine = this.#line
          from = i
        }
        this.#depth += 1
      } else if (c === 0x7d || c === 0x5d) {
        this.#depth = Math.max(0, this.#depth - 1)
        if (this.#isRecord && this.#depth <= this.#recordDepth) {
          found.push(this.#finish(chunk.slice(from, i + 1)))
          from = -1
        } else if (this.#depth < this.#recordDepth) this.#recordDepth = 0
      }
    }
    if (this.#keyFrom >= 0) {
      this.#key += chunk.slice(this.#keyFrom, this.#keyFrom + 20)
      this.#keyFrom = 0
    }
    if (this.#isRecord) this.#keep(chunk.slice(from))
    return found
  }

  /** The file has ended: in the middle of a record or an array, or well. */
  end(): Found<string>[] {
    return this.isOpen || this.#inString
      ? [{ line: this.#line, reason: 'the file ends in the middle of its JSON' }]
      : []
  }

  #opensArray(c: number): boolean {
    if (c !== 0x5b || this.#recordDepth !== 0) return false
    if (this.#depth === 0) return true
    if (this.#depth !== 1 || this.#key !== 'messages') return false
    this.sawPage = true
    return true
  }

  #keep(text: string): void {
    if (this.#text.length + text.length > LONGEST_RECORD) {
      this.#isTooLong = true
      this.#text = ''
    } else if (!this.#isTooLong) this.#text += text
  }

  #finish(text: string): Found<string> {
    this.#keep(text)
    const found = this.#isTooLong
      ? { line: this.#startLine, reason: 'the record is longer than 4 MB' }
      : { line: this.#startLine, value: this.#text }
    this.#isRecord = this.#isTooLong = false
    this.#text = ''
    return found
  }
}
