import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import type * as Electron from 'electron'
import type { Cdp, Method, Protocol } from './cdp.ts'
import { host, note } from './host.ts'
import { IpcMain } from './ipc-main.ts'
import { answerCall, type CallMessage } from './ipc-calls.ts'
import { keyEvent } from './keys.ts'
import { makeBridge } from './page-bridge.ts'
import { makeCodec } from './page-codec.ts'
import { makePreload } from './page-preload.ts'
import { PageRequests } from './page-requests.ts'
import { ALIAS, fromAlias, toAlias } from './protocol.ts'
import { applyPermissions, session } from './session.ts'
import { type Impl, strictInstance, type NoMore } from './strict.ts'
import { themeMedia } from './theme.ts'

const WORLD = 'Electron Isolated Context'
const SECRET = `standin${crypto.randomUUID().replaceAll('-', '')}`
const BINDING = `${SECRET}send`
const RECEIVER = `${SECRET}receive`
const codec = makeCodec()

/** What the window around a page hears from it. */
export interface PageOwner {
  painted(): void
  gone(): void
  close(): void
  getTitle(): string
  getBounds(): Electron.Rectangle
}

let lastId = 0

export class WebContents extends EventEmitter implements Impl<Electron.WebContents> {
  readonly id = ++lastId
  readonly session = session.defaultSession as unknown as Electron.Session
  readonly ipc = strictInstance('webContents.ipc', new IpcMain()) as unknown as Electron.IpcMain
  /** As the app sees it: a member that is not there throws by name. */
  readonly asElectron = strictInstance('webContents', this) as unknown as Electron.WebContents
  readonly #owner: PageOwner
  readonly #preferences: Electron.WebPreferences
  readonly #live = Promise.withResolvers<undefined>()
  readonly #requests: PageRequests
  #targetId = ''
  #sessionId = ''
  #context: number | undefined
  #frame = ''
  #mainFrame: Electron.WebFrameMain | undefined
  #url = ''
  #zoom = 1
  #isLoading = false
  #isDestroyed = false
  #onOpen: Parameters<Electron.WebContents['setWindowOpenHandler']>[0] | undefined

  constructor(owner: PageOwner, preferences: Electron.WebPreferences) {
    super()
    if (preferences.contextIsolation === false || preferences.nodeIntegration) {
      throw new Error('Electron stand-in: only contextIsolation without nodeIntegration')
    }
    this.#owner = owner
    this.#preferences = preferences
    this.#requests = new PageRequests(this, (method, params) => this.raw(method, params))
  }

  get targetId(): string {
    return this.#targetId
  }
  set targetId(id: string) {
    this.#targetId = id
  }
  get sessionId(): string {
    return this.#sessionId
  }
  raw<M extends Method>(
    method: M,
    params?: Protocol.CommandParameters[M],
  ): Promise<Protocol.CommandReturnValues[M]> {
    return host.cdp.promise.then((cdp: Cdp) => cdp.send(method, params, this.#sessionId))
  }

  async attach(sessionId: string): Promise<void> {
    this.#sessionId = sessionId
    const { frameTree } = await this.raw('Page.getFrameTree')
    this.#frame = frameTree.frame.id
    await Promise.all([
      this.raw('Page.enable'),
      this.raw('Runtime.addBinding', { name: BINDING, executionContextName: WORLD }),
      this.raw('Runtime.enable'),
      this.raw('Fetch.enable', {
        patterns: [{ urlPattern: `https://*${ALIAS}/*` }, { urlPattern: '*', resourceType: 'Document' }],
      }),
      this.#addPreload(),
      this.raw('Emulation.setEmulatedMedia', themeMedia()),
      applyPermissions(this.asElectron),
    ])
    this.#live.resolve(undefined)
  }

  async #addPreload(): Promise<void> {
    const file = this.#preferences.preload
    if (file === undefined) return
    const guard = 'if (window === window.top && !/^(about:|chrome-error:)/.test(location.href))'
    const info = { versions: host.versions, platform: process.platform, argv: [process.argv[0] ?? ''] }
    await this.raw('Page.addScriptToEvaluateOnNewDocument', {
      source: `${guard} (${String(makeBridge)})('${SECRET}', 'main')`,
    })
    await this.raw('Page.addScriptToEvaluateOnNewDocument', {
      worldName: WORLD,
      source: `${guard} {
        const world = (${String(makePreload)})((${String(makeCodec)})(), (${String(makeBridge)})('${SECRET}', 'isolated'), globalThis['${BINDING}'], ${JSON.stringify(info)});
        globalThis['${RECEIVER}'] = world.receive;
        (function (require, process, exports, module) { ${readFileSync(file, 'utf8')}
        })(world.require, world.process, {}, {})
      }
      //# sourceURL=${pathToFileURL(file).href}`,
    })
  }

  // ---- what Chromium tells, by session: see targets.ts
  contextCreated({ id, name, auxData }: Protocol.Runtime.ExecutionContextDescription): void {
    if (name === WORLD && (auxData as { frameId?: string }).frameId === this.#frame) this.#context = id
  }
  contextDestroyed(id: number): void {
    if (id === this.#context) this.#context = undefined
  }
  bindingCalled({ name, payload }: Protocol.Events['Runtime.bindingCalled']): void {
    if (name !== BINDING) return
    const message = JSON.parse(payload) as CallMessage
    void answerCall(message, this, codec, (answer) => this.#post(answer))
  }
  requestPaused(paused: Protocol.Events['Fetch.requestPaused']): void {
    this.#requests.paused(paused, this.#frame).catch(() => undefined)
  }
  frameNavigated({ parentId, url }: Protocol.Page.Frame): void {
    if (parentId !== undefined) return
    this.#url = fromAlias(url)
    this.#mainFrame = undefined
    if (url !== 'about:blank') this.emit('did-navigate', {}, this.#url, 200, 'OK')
  }
  navigatedWithinDocument(url: string): void {
    this.#url = fromAlias(url)
    this.emit('did-navigate-in-page', {}, this.#url, true)
  }
  /** The page's own window.open has already returned a handle, which differs from Electron. */
  windowOpened({ url, windowName, windowFeatures }: Protocol.Events['Page.windowOpen']): void {
    const referrer = { url: this.#url, policy: 'strict-origin-when-cross-origin' as const }
    const disposition = 'foreground-tab'
    const features = windowFeatures.join()
    const answer = this.#onOpen?.({
      url: fromAlias(url),
      frameName: windowName,
      features,
      disposition,
      referrer,
    })
    if (answer?.action !== 'deny') note('window.open allowed, but the stand-in has no child windows', url)
  }
  domReady(): void {
    if (this.#hasPage) this.emit('dom-ready', {})
  }
  loaded(): void {
    if (!this.#hasPage) return
    this.#isLoading = false
    this.emit('did-finish-load', {})
    this.#owner.painted()
  }
  spoke({ type, args }: Protocol.Events['Runtime.consoleAPICalled']): void {
    const message = args.map((arg) => String(arg.value ?? arg.description)).join(' ')
    this.emit('console-message', { level: type, message })
  }
  /** The window has another size, or the page another zoom: zoomed in it sees a smaller window of bigger pixels. */
  resized(): void {
    const { width, height } = this.#owner.getBounds()
    const zoom = this.#zoom
    const size = { width: Math.round(width / zoom), height: Math.round(height / zoom) }
    this.raw('Emulation.setDeviceMetricsOverride', { ...size, deviceScaleFactor: zoom, mobile: false }).catch(
      () => undefined,
    )
  }
  crashed(): void {
    this.#context = undefined
    this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 })
  }
  gone(): void {
    if (this.#isDestroyed) return
    this.#isDestroyed = true
    this.emit('destroyed')
    this.#owner.gone()
  }
  get #hasPage(): boolean {
    return this.#url !== '' && this.#url !== 'about:blank'
  }

  // ---- Electron's own
  send(channel: string, ...args: unknown[]): void {
    this.#post({ op: 'event', channel, value: codec.encode(args) })
  }
  #post(message: object): void {
    if (this.#context === undefined || this.#isDestroyed) return
    this.raw('Runtime.callFunctionOn', {
      functionDeclaration: `function (message) { globalThis['${RECEIVER}'](message) }`,
      executionContextId: this.#context,
      arguments: [{ value: JSON.stringify(message) }],
    }).then(
      ({ exceptionDetails }) => {
        if (exceptionDetails)
          console.error('a listener in the page threw:', exceptionDetails.exception?.description)
      },
      () => undefined,
    )
  }
  /** The same object until the page navigates, as in Electron, where frames are compared by identity. */
  get mainFrame(): Electron.WebFrameMain {
    const origin = this.#url.split('/').slice(0, 3).join('/')
    const frame = { url: this.#url, origin, frameTreeNodeId: 1, parent: null, top: null }
    this.#mainFrame ??= frame as unknown as Electron.WebFrameMain
    return this.#mainFrame
  }
  async loadURL(url: string): Promise<void> {
    await this.#live.promise
    const done = new Promise<void>((resolve) => this.once('did-finish-load', resolve))
    this.#isLoading = true
    this.#requests.expectOwn()
    this.#startNavigation(url)
    const { errorText } = await this.raw('Page.navigate', { url: toAlias(url) })
    if (errorText !== undefined) {
      this.emit('did-fail-load', {}, -2, errorText, url, true)
      throw Object.assign(new Error(`${errorText.replace('net::', '')} (-2) loading '${url}'`), { url })
    }
    await done
  }
  reload(): void {
    this.#requests.expectOwn()
    this.#startNavigation(this.#url)
    void this.raw('Page.reload')
  }
  #startNavigation(url: string): void {
    this.emit('did-start-navigation', { url, isMainFrame: true, isSameDocument: false })
  }
  getURL(): string {
    return this.#hasPage ? this.#url : ''
  }
  getTitle(): string {
    return this.#owner.getTitle()
  }
  isLoading(): boolean {
    return this.#isLoading
  }
  isDestroyed(): boolean {
    return this.#isDestroyed
  }
  setZoomFactor(factor: number): void {
    this.#zoom = factor
    this.resized()
  }
  getZoomFactor(): number {
    return this.#zoom
  }
  sendInputEvent(
    event: Electron.MouseInputEvent | Electron.MouseWheelInputEvent | Electron.KeyboardInputEvent,
  ): void {
    if (!('keyCode' in event)) throw new Error('Electron stand-in: only keys can be sent')
    void this.raw('Input.dispatchKeyEvent', keyEvent(event))
  }
  async executeJavaScript(code: string): Promise<unknown> {
    await this.#live.promise
    const { result, exceptionDetails } = await this.raw('Runtime.evaluate', {
      expression: code,
      awaitPromise: true,
      returnByValue: true,
      userGesture: true,
    })
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description)
    return result.value
  }
  setWindowOpenHandler(handler: Parameters<Electron.WebContents['setWindowOpenHandler']>[0]): void {
    this.#onOpen = handler
  }
  forcefullyCrashRenderer(): void {
    void this.raw('Page.crash').catch(() => undefined)
  }
  close(): void {
    this.#owner.close()
  }
  async shut(): Promise<void> {
    await this.#live.promise
    const cdp = await host.cdp.promise
    await cdp.send('Target.closeTarget', { targetId: this.#targetId }).catch(() => undefined)
  }
}

type Inner =
  | 'targetId'
  | 'sessionId'
  | 'asElectron'
  | 'raw'
  | 'attach'
  | 'contextCreated'
  | 'contextDestroyed'
  | 'bindingCalled'
  | 'requestPaused'
  | 'frameNavigated'
  | 'navigatedWithinDocument'
  | 'windowOpened'
  | 'domReady'
  | 'loaded'
  | 'spoke'
  | 'crashed'
  | 'resized'
  | 'gone'
  | 'shut'
const _isElectrons: NoMore<Omit<WebContents, Inner>, Electron.WebContents> = true
