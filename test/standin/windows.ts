/** Every window that is open, in the order of opening: what `app` needs to know of them. */
export interface OpenWindow {
  close(): void
  isDestroyed(): boolean
}
export const windows = new Set<OpenWindow>()
