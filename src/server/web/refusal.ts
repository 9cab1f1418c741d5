import { createHash } from 'node:crypto'
import type { Context } from 'koa'
import { CONTENT_SECURITY_POLICY } from './page-policy.ts'

const WORDS = 'Open the console by the address that Switchboard printed when it started.'

/** On its own, for nothing of the built page is given to who is not let in; colours as in the page's tokens. */
const STYLE = `
:root { color-scheme: light dark; --plane: #f0efed; --sheet: #ffffff; --ink: #1a1916; --soft: #494844 }
@media (prefers-color-scheme: dark) {
  :root { --plane: #0e0f11; --sheet: #1a1c1f; --ink: #e8e9ec; --soft: #b7b9be }
}
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px; background: var(--plane);
  color: var(--ink); font: 14px/20px -apple-system, BlinkMacSystemFont, 'Segoe UI', Cantarell, Roboto, sans-serif }
main { max-width: 544px; padding: 24px 32px; background: var(--sheet); border-radius: 10px }
h1 { margin: 0 0 12px; font-size: 20px; line-height: 28px }
ol { padding-left: 20px }
li { margin: 8px 0 }
code { font: 13px/20px ui-monospace, 'SF Mono', Consolas, 'DejaVu Sans Mono', monospace; overflow-wrap: anywhere }
.soft { margin-bottom: 0; color: var(--soft) }
`

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Switchboard: not let in</title>
<style>${STYLE}</style>
<main>
<h1>This address no longer lets you in</h1>
<p>Switchboard was started again since this page was opened, or this browser has not been let in yet. Each start makes
a new address, so that nobody but you can read along.</p>
<ol>
<li>${WORDS} It begins with <code>http://127.0.0.1</code> and has <code>/enter/</code> in it; the desktop app shows it in
its settings under “This computer”.</li>
<li>Is it not to be found, or does nothing run? End Switchboard if it runs, and run <code>npm start</code>.</li>
</ol>
<p class="soft">Your messages are safe in the data folder. What you wrote in this browser and did not send is kept.</p>
</main>
</html>
`

const POLICY = CONTENT_SECURITY_POLICY.replace(
  "style-src 'self'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
).replace("script-src 'self'", "script-src 'none'")

/** Answers 401 with what to do next: a page for who takes HTML before plain text, else one sentence. */
export function refuseEntry(ctx: Context): void {
  ctx.status = 401
  if (ctx.accepts('text/plain', 'text/html') !== 'text/html') {
    ctx.body = WORDS
    return
  }
  ctx.set('content-security-policy', POLICY)
  ctx.type = 'html'
  ctx.body = PAGE
}
