import { join } from 'node:path'
import { padded } from './journal-files.ts'

/** Where everything is in the data folder; docs/data-format.md says what it looks like. */
export class Paths {
  readonly folder: string
  constructor(folder: string) {
    this.folder = folder
  }

  get store(): string {
    return join(this.folder, 'store.json')
  }
  get running(): string {
    return join(this.folder, 'running.json')
  }
  get index(): string {
    return join(this.folder, 'index', 'index.bin')
  }
  get setAside(): string {
    return join(this.folder, 'set-aside')
  }
  get media(): string {
    return join(this.folder, 'media')
  }
  get attached(): string {
    return join(this.folder, 'attached')
  }
  get backups(): string {
    return join(this.folder, 'backups')
  }
  segment(number: number): string {
    return join(this.folder, 'messages', `${padded(number)}.json`)
  }
  sessions(number: number): string {
    return join(this.folder, 'sessions', `${padded(number)}.json`)
  }
  acts(number: number): string {
    return join(this.folder, 'acts', `${padded(number)}.json`)
  }
  small(kind: string): string {
    return join(this.folder, `${kind}.json`)
  }
  /** Folders that are made with the store. */
  get all(): string[] {
    return ['journal', 'journal/closed', 'messages', 'sessions', 'acts', 'index', 'set-aside', 'backups'].map(
      (name) => join(this.folder, name),
    )
  }
}

/** The number in a document's name; undefined for anything else. */
export function documentNumber(name: string): number | undefined {
  const digits = /^(\d{6,})\.json$/.exec(name)?.[1]
  return digits === undefined ? undefined : Number(digits)
}
