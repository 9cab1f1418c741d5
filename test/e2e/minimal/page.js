// The least page that does what ours does: takes the feed, and says when it has painted.
/** @type {{ switchboard?: import('../../../src/renderer/src/transport/ipc.ts').Bridge, violations: string[], feed: unknown[], keys: string[] }} */
const page = Object.assign(/** @type {any} */ (window), { violations: [], feed: [], keys: [] })

document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
  page.violations.push(`${violatedDirective} ${blockedURI}`)
})
/** The page's own attempt: what a test evaluates by itself the policy does not stop. */
const tryEval = () =>
  new Promise((resolve) => {
    setTimeout(() => {
      try {
        resolve(String((0, eval)('1 + 1')))
      } catch (error) {
        resolve(error instanceof Error ? error.name : 'unknown')
      }
    })
  })
Object.assign(window, { tryEval })

document.addEventListener('keydown', ({ key, ctrlKey, metaKey }) => {
  page.keys.push(`${ctrlKey || metaKey ? 'main+' : ''}${key}`)
})
page.switchboard?.subscribe((event) => {
  page.feed.push(event)
  const line = document.createElement('li')
  line.textContent = event.kind
  document.querySelector('ol')?.append(line)
})
await page.switchboard?.request({ world: 'real', name: 'feed.start', input: {} })
requestAnimationFrame(() => void page.switchboard?.request({ world: 'real', name: 'app.painted', input: {} }))
export {}
