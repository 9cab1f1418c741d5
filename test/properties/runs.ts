/**
 * How often properties run, and from which seed: another one each time, printed so that a run can be repeated.
 * SWITCHBOARD_PROPERTY_RUNS raises the number, SWITCHBOARD_PROPERTY_SEED repeats a run.
 */
export function runs(usual: number): { numRuns: number; seed: number } {
  const seed = Number(process.env['SWITCHBOARD_PROPERTY_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
  const numRuns = Number(process.env['SWITCHBOARD_PROPERTY_RUNS'] ?? usual)
  console.log(`properties: seed ${seed}, ${numRuns} runs`)
  return { numRuns, seed }
}
