// What no page in a window of ours may do: navigate away, open windows, embed views, ask for
// permissions or devices. Senders are judged by their parsed URL, never by a prefix of its text.
import type { WebContents } from 'electron'
import type { ElectronApi } from './electron-api.ts'
import { appOrigin } from './app-protocol.ts'

/** Web addresses the operator may be sent to in their own browser: none yet. */
const externalHosts: ReadonlySet<string> = new Set()

/** True when a frame's URL is exactly our renderer. */
export function isOurs(url: string): boolean {
  try {
    const parsed = new URL(url)
    return `${parsed.protocol}//${parsed.host}` === appOrigin && parsed.username === ''
  } catch {
    return false
  }
}

export function isAllowedExternal(url: string): boolean {
  try {
    const parsed = new URL(url)
    return parsed.protocol === 'https:' && externalHosts.has(parsed.host)
  } catch {
    return false
  }
}

/** Call before `ready` for what must be early, see the boot phases. */
export function confineWebContents(electron: ElectronApi, contents: WebContents): void {
  contents.on('will-navigate', (event, url) => {
    if (!isOurs(url)) event.preventDefault()
  })
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    if (isAllowedExternal(url)) void electron.shell.openExternal(url)
    return { action: 'deny' }
  })
}

/** Nothing is granted: devices are the station's business, not the page's. */
export function refusePermissions(electron: ElectronApi): void {
  const { defaultSession } = electron.session
  defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  defaultSession.setPermissionCheckHandler(() => false)
  defaultSession.setDevicePermissionHandler(() => false)
}
