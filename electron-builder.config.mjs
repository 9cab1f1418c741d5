// npm run dist: what is packed, and how. Signing is by the environment alone; nothing here knows a key.

/**
 * @import { Configuration } from 'electron-builder'
 * @typedef {Readonly<Record<string, string | undefined>>} Environment
 */

/**
 * What the packed Electron may not do any more, whatever it is started with: electron.md 10.
 * Encrypted cookies; no Node by environment, options or inspector; only this app, whole, from its archive.
 * @satisfies {Configuration['electronFuses']}
 */
export const fuses = {
  runAsNode: false,
  enableCookieEncryption: true,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  enableEmbeddedAsarIntegrityValidation: true,
  onlyLoadAppFromAsar: true,
  loadBrowserProcessSpecificV8Snapshot: false,
  grantFileProtocolExtraPrivileges: false,
}

/**
 * SWITCHBOARD_SIGN=1: a package that can't be signed is none. The certificates are named as electron-builder documents:
 * CSC_LINK and CSC_KEY_PASSWORD, WIN_CSC_LINK and WIN_CSC_KEY_PASSWORD, and for notarization APPLE_ID,
 * APPLE_APP_SPECIFIC_PASSWORD and APPLE_TEAM_ID.
 * @param {Environment} env
 * @returns {Configuration}
 */
export function configuration(env) {
  return {
    appId: 'app.switchboard.console',
    productName: 'Switchboard',
    copyright: 'MIT',
    directories: { output: 'dist', buildResources: 'build' },
    files: ['out/main/**', 'out/preload/**', 'out/renderer/**', 'package.json'],
    asar: true,
    // Nothing here is compiled for a machine, so there is nothing to compile again.
    npmRebuild: false,
    electronFuses: fuses,
    // Nobody is told of a release by building it.
    publish: null,
    forceCodeSigning: env['SWITCHBOARD_SIGN'] === '1',
    // electron-builder makes each system's own format of it.
    icon: 'build/icon.png',
    linux: { target: ['AppImage', 'tar.gz'], category: 'Office', synopsis: 'Talk with your customers' },
    win: { target: ['nsis'] },
    nsis: { oneClick: false, allowToChangeInstallationDirectory: true },
    mac: {
      target: ['dmg', 'zip'],
      category: 'public.app-category.business',
      hardenedRuntime: true,
      notarize: Boolean(env['APPLE_TEAM_ID']),
      // Without a certificate: signed for this machine only, for without any signature a changed binary does not start.
      ...(env['CSC_LINK'] ? {} : { identity: '-' }),
    },
  }
}

export default configuration(process.env)
