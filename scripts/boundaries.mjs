// npm run boundaries: holds src/ to scripts/boundary-rules.mjs. With a folder as argument, that folder's src/.
import { cruise } from 'dependency-cruiser'
import { resolve } from 'node:path'
import { runtimeRules, sourceRules } from './boundary-rules.mjs'

const baseDir = resolve(process.argv[2] ?? '.')
process.chdir(baseDir)

// Packages say in `exports` what they are made of; unless told, the resolver looks only at `main`.
const enhancedResolveOptions = {
  exportsFields: ['exports'],
  conditionNames: ['import', 'require', 'node', 'default', 'types'],
}
const passes = [
  { rules: sourceRules, withTypes: true },
  { rules: runtimeRules, withTypes: false },
]
let violations = 0
for (const { rules, withTypes } of passes) {
  const { output } = await cruise(['src'], {
    baseDir,
    validate: true,
    ruleSet: { forbidden: rules },
    tsPreCompilationDeps: withTypes,
    enhancedResolveOptions,
    doNotFollow: { path: '(^|/)node_modules/' },
  })
  if (typeof output === 'string') throw new Error(output)
  const { summary } = output
  for (const { rule, from, to, cycle } of summary.violations) {
    const way = cycle ? cycle.map((step) => step.name).join(' → ') : to
    const why = rules.find(({ name }) => name === rule.name)?.comment ?? ''
    console.error(`${rule.name}: ${from} → ${way}\n    ${why}`)
    violations += 1
  }
  if (withTypes && violations === 0) console.log(`${summary.totalCruised} files, ${rules.length} rules.`)
}
if (violations > 0) {
  console.error(violations === 1 ? '1 import crosses a boundary.' : `${violations} imports cross a boundary.`)
  process.exitCode = 1
}
