/** The store: the only code that touches disk. */
export { createStore, type FolderStore, type StoreOptions } from './store.ts'
export type * from './types.ts'
