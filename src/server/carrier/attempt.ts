import type { Outcome } from './carrier.ts'
import { failureOf } from './failures.ts'

/** What a request of the REST client comes to: its answer, or what its exception means. */
export async function attempt<T>(request: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await request() }
  } catch (cause) {
    return { ok: false, error: failureOf(cause) }
  }
}
