// Reads the fuses of a packed Electron back, so that what was asked for is what is shipped.
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'

/** A fuse in the binary is a digit. */
const ON = '1'.charCodeAt(0)
const OFF = '0'.charCodeAt(0)

/** electron-builder's names for Electron's fuses. */
const NAMES = {
  runAsNode: FuseV1Options.RunAsNode,
  enableCookieEncryption: FuseV1Options.EnableCookieEncryption,
  enableNodeOptionsEnvironmentVariable: FuseV1Options.EnableNodeOptionsEnvironmentVariable,
  enableNodeCliInspectArguments: FuseV1Options.EnableNodeCliInspectArguments,
  enableEmbeddedAsarIntegrityValidation: FuseV1Options.EnableEmbeddedAsarIntegrityValidation,
  onlyLoadAppFromAsar: FuseV1Options.OnlyLoadAppFromAsar,
  loadBrowserProcessSpecificV8Snapshot: FuseV1Options.LoadBrowserProcessSpecificV8Snapshot,
  grantFileProtocolExtraPrivileges: FuseV1Options.GrantFileProtocolExtraPrivileges,
}

/**
 * The fuses that are not as they should be.
 * @param {string} executable a packed Electron
 * @param {Readonly<Record<keyof typeof NAMES, boolean>>} wanted
 * @returns {Promise<string[]>} one sentence each
 */
export async function wrongFuses(executable, wanted) {
  const wire = await getCurrentFuseWire(executable)
  return Object.entries(NAMES)
    .filter(([name, option]) => {
      const should = wanted[/** @type {keyof typeof NAMES} */ (name)] ? ON : OFF
      return Number(wire[option]) !== should
    })
    .map(([name, option]) => `the fuse ${name} is ${describe(Number(wire[option]))}`)
}

/** @param {number} state */
function describe(state) {
  if (state === ON) return 'on'
  return state === OFF ? 'off' : 'not there'
}
