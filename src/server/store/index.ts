/** The store: the only code that touches disk. */
export { createStore, type FolderStore, type StoreOptions } from './store.ts'
export type * from './types.ts'
export { createLogFolder } from './log-folder.ts'
export { RealDisk, type Disk } from './disk.ts'
export { callControl, startControl } from './control.ts'
