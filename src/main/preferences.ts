import { z } from 'zod'
import type { OwnFile } from './own-files.ts'

const bounds = z.object({ x: z.int(), y: z.int(), width: z.int().positive(), height: z.int().positive() })

/** Every field falls back by itself, so that one bad value in the file costs that value only. */
const preferencesSchema = z.object({
  /** What closing the window does; "ask" until the person has said. */
  close_to_tray: z.enum(['ask', 'tray', 'quit']).catch('ask'),
  login_item: z.boolean().catch(false),
  browser_console: z.boolean().catch(false),
  theme: z.enum(['system', 'light', 'dark']).catch('system'),
  zoom: z.number().min(0.5).max(3).catch(1),
  window: z.object({ bounds, maximized: z.boolean() }).nullable().catch(null),
})
export type PreferenceValues = z.infer<typeof preferencesSchema>

/** How this person likes the desktop app on this machine: nothing here concerns the business. */
export class Preferences {
  #values: PreferenceValues
  readonly #file: OwnFile

  private constructor(file: OwnFile, values: PreferenceValues) {
    this.#file = file
    this.#values = values
  }

  static async load(file: OwnFile): Promise<Preferences> {
    return new Preferences(file, preferencesSchema.parse(readJson(await file.read())))
  }

  get values(): Readonly<PreferenceValues> {
    return this.#values
  }

  /** Resolves when it is on the disk; what is in force changes at once. */
  async set(changes: Partial<PreferenceValues>): Promise<void> {
    this.#values = { ...this.#values, ...changes }
    await this.#file.write(`${JSON.stringify(this.#values, null, 2)}\n`)
  }
}

/** The parsed text, or an empty object for what is no JSON object. */
export function readJson(text: string | null): object {
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}
