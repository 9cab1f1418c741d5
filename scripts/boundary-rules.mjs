// Who may import what (docs/architecture.md has the reasons folder by folder). scripts/boundaries.mjs holds them.

/**
 * @typedef {import('dependency-cruiser').IRegularForbiddenRuleType} Rule
 * @typedef {import('dependency-cruiser').IReachabilityForbiddenRuleType} ReachabilityRule
 */

/** @type {import('dependency-cruiser').DependencyType[]} */
const typesOnly = ['type-only']
const electron = ['^electron(/|$)', '(^|/)node_modules/electron/']
const disk = ['^(node:)?fs(/promises)?$', '(^|/)node_modules/(lowdb|steno)/']
const twilio = '(^|/)node_modules/twilio/'
const zod = '(^|/)node_modules/zod/'

/**
 * Rules about every import, those of types included.
 * @type {Rule[]}
 */
export const sourceRules = [
  {
    name: 'sessions-are-pure',
    comment: 'The domain decides from what it is given: it imports nothing but itself, not even Node.',
    from: { path: '^src/server/sessions/' },
    to: { pathNot: ['^src/server/sessions/', '^src/shared/'] },
  },
  {
    name: 'sessions-take-only-types-of-the-contract',
    comment: 'From src/shared the domain takes types (`import type`), no values.',
    from: { path: '^src/server/sessions/' },
    to: { path: '^src/shared/', dependencyTypesNot: typesOnly },
  },
  {
    name: 'shared-stands-alone',
    comment: 'The contract imports nothing of ours.',
    from: { path: '^src/shared/' },
    to: { path: '^(src|bin|scripts|test|bench)/', pathNot: '^src/shared/' },
  },
  {
    name: 'shared-runs-anywhere',
    comment: 'The contract is loaded by the screen too: nothing of Node, nothing of Electron.',
    from: { path: '^src/shared/' },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'server-knows-no-electron',
    comment: 'The server runs without Electron (serve, tests, benchmarks).',
    from: { path: '^src/(server|shared)/' },
    to: { path: electron },
  },
  {
    name: 'server-knows-no-screen',
    comment: 'The server knows the contract, never who is on the other side of it.',
    from: { path: '^src/server/' },
    to: { path: '^src/(main|preload|renderer)/' },
  },
  {
    name: 'screen-knows-no-node',
    comment: 'The screen is a web page: nothing of Node, nothing of Electron.',
    from: { path: '^src/renderer/' },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'screen-knows-only-the-contract',
    comment: 'The screen speaks to the rest through the contract and a Transport.',
    from: { path: '^src/renderer/' },
    to: { path: ['^src/', ...electron], pathNot: ['^src/(renderer|shared)/'] },
  },
  {
    name: 'preload-is-alone',
    comment: 'The preload is one small sandboxed file: Electron and the contract, nothing of Node.',
    from: { path: '^src/preload/' },
    to: { pathNot: ['^src/(preload|shared)/', ...electron] },
  },
  {
    name: 'only-the-store-touches-disk',
    comment: 'One place reads and writes files: src/server/store. Take what you need from it.',
    from: { path: '^src/', pathNot: '^src/server/store/' },
    to: { path: disk },
  },
  {
    name: 'only-the-carrier-calls-twilio',
    comment:
      'One place talks to Twilio: src/server/carrier. The webhooks take its signature check and TwiML.',
    from: { path: '^src/', pathNot: '^src/server/(carrier|webhooks)/' },
    to: { path: twilio },
  },
  {
    name: 'webhooks-only-check-twilio',
    comment: 'Of the twilio package the webhooks take the signature check and TwiML, not the REST client.',
    from: { path: '^src/server/webhooks/' },
    to: { path: twilio, pathNot: '(^|/)node_modules/twilio/lib/(webhooks|twiml)/' },
  },
  {
    name: 'only-the-composition-root-joins',
    comment:
      'A folder of the server may know another’s types; the pieces meet in src/server/switchboard.ts and src/server/world. ' +
      'Open to all: the domain and the files beside switchboard.ts.',
    from: { path: '^src/server/([^/]+)/', pathNot: '^src/server/(cli|world)/' },
    to: {
      path: '^src/server/([^/]+)/',
      pathNot: ['^src/server/$1/', '^src/server/sessions/'],
      dependencyTypesNot: typesOnly,
    },
  },
  {
    name: 'the-command-reads-the-store',
    comment:
      'Beside the files next to switchboard.ts, which do the rest, the command takes the store (to read beside a running ' +
      'one), the catalogue of settings, the formats of import and export, and the clock and log it hands over.',
    from: { path: '^src/server/cli/' },
    to: {
      path: '^src/server/([^/]+)/',
      pathNot: '^src/server/(cli|sessions|store|settings|imports|exports|system)/',
      dependencyTypesNot: typesOnly,
    },
  },
  {
    name: 'the-composition-root-is-at-the-top',
    comment:
      'What switchboard.ts joins doesn’t know it: the application, a simulation and the command start it.',
    from: {
      path: '^src/server/',
      pathNot: '^src/server/(cli/|world/|(application|simulation|switchboard)[.]ts)',
    },
    to: { path: '^src/server/(switchboard[.]ts$|world/)' },
  },
  {
    name: 'nothing-unshipped',
    comment: 'What runs on a person’s machine imports no package that is only there for development.',
    from: { path: '^src/(server|shared|main)/' },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: typesOnly, pathNot: electron },
  },
  {
    name: 'no-cycles',
    comment: 'Two files that import each other are one thing in two halves, or one too many.',
    from: { path: '^src/' },
    to: { circular: true },
  },
  {
    name: 'no-unresolved',
    comment: 'Every import leads somewhere.',
    from: { path: '^src/' },
    to: { couldNotResolve: true, pathNot: electron },
  },
]

/**
 * Rules about what is there at run time, imports of types gone.
 * @type {ReachabilityRule[]}
 */
export const runtimeRules = [
  {
    name: 'screen-carries-no-zod',
    comment:
      'zod probes `new Function`, which the page’s CSP forbids: of a file with schemas take types only.',
    from: { path: '^src/renderer/' },
    to: { path: zod, reachable: true },
  },
]
