/** Which of Chromium's pages is which of ours, and which events are whose. */
import { host } from './host.ts'
import type { WebContents } from './web-contents.ts'
import type { Cdp, Protocol } from './cdp.ts'

const attachedPages = new Map<string, WebContents>()
const expected = new Map<string, WebContents>()
/** Asked for and not answered yet. */
const asked = new Set<Promise<unknown>>()

export function allPages(): WebContents[] {
  return [...attachedPages.values()]
}

/** Opens a page of Chromium's for this one of ours. */
export async function openTarget(contents: WebContents, width: number, height: number): Promise<void> {
  const cdp = await host.cdp.promise
  const created = cdp
    .send('Target.createTarget', { url: 'about:blank', newWindow: true, width, height })
    .then(({ targetId }) => {
      contents.targetId = targetId
      expected.set(targetId, contents)
    })
    .finally(() => asked.delete(created))
  asked.add(created)
  await created
}

export async function watchTargets(cdp: Cdp): Promise<void> {
  const of = (sessionId: string | undefined) => attachedPages.get(sessionId ?? '')
  cdp.on('Target.attachedToTarget', (target) => void attached(cdp, target))
  cdp.on('Target.detachedFromTarget', ({ sessionId }) => {
    of(sessionId)?.gone()
    attachedPages.delete(sessionId)
  })
  cdp.on('Fetch.requestPaused', (paused, id) => of(id)?.requestPaused(paused))
  cdp.on('Runtime.bindingCalled', (call, id) => of(id)?.bindingCalled(call))
  cdp.on('Runtime.executionContextCreated', ({ context }, id) => of(id)?.contextCreated(context))
  cdp.on('Runtime.executionContextDestroyed', ({ executionContextId }, id) =>
    of(id)?.contextDestroyed(executionContextId),
  )
  cdp.on('Runtime.consoleAPICalled', (spoken, id) => of(id)?.spoke(spoken))
  cdp.on('Page.loadEventFired', (_event, id) => of(id)?.loaded())
  cdp.on('Page.domContentEventFired', (_event, id) => of(id)?.domReady())
  cdp.on('Page.frameNavigated', ({ frame }, id) => of(id)?.frameNavigated(frame))
  cdp.on('Page.navigatedWithinDocument', ({ url }, id) => of(id)?.navigatedWithinDocument(url))
  cdp.on('Page.windowOpen', (opened, id) => of(id)?.windowOpened(opened))
  cdp.on('Inspector.targetCrashed', (_event, id) => of(id)?.crashed())
  await cdp.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: true, flatten: true })
}

async function attached(cdp: Cdp, target: Protocol.Events['Target.attachedToTarget']): Promise<void> {
  const { sessionId, targetInfo } = target
  const { targetId, type, openerId } = targetInfo
  const isPopup = type === 'page' && allPages().some((page) => page.targetId === openerId)
  if (isPopup) {
    // The app's handler hears of it through Page.windowOpen; no request of its own gets out. It is let go before
    // it is closed: the opener's window.open waits for it, and for ever when it goes while it is still paused.
    const sent = [
      cdp.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] }, sessionId),
      cdp.send('Runtime.runIfWaitingForDebugger', {}, sessionId),
    ]
    await Promise.allSettled(sent)
    await cdp.send('Target.closeTarget', { targetId }).catch(() => undefined)
    return
  }
  const contents = type === 'page' ? await whenExpected(targetId) : undefined
  if (contents) {
    attachedPages.set(sessionId, contents)
    await contents.attach(sessionId)
  }
  await cdp.send('Runtime.runIfWaitingForDebugger', {}, sessionId).catch(() => undefined)
  if (!contents) await cdp.send('Target.detachFromTarget', { sessionId }).catch(() => undefined)
}

/** createTarget's answer may come after the target has attached. */
async function whenExpected(targetId: string): Promise<WebContents | undefined> {
  while (!expected.has(targetId) && asked.size > 0) await Promise.race(asked).catch(() => undefined)
  return expected.get(targetId)
}
