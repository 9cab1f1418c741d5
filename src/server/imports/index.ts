/** Histories from elsewhere, put in by the one way in. */
export { importFile } from './file-bytes.ts'
export { runImport } from './run.ts'
export {
  IMPORT_FORMATS,
  type ImportFile,
  type ImportFormat,
  type ImportOptions,
  type ImportProgress,
  type ImportResult,
} from './types.ts'
