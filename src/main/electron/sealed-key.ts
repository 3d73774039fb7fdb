// Keeps the station's private key sealed by the operating system's key store (safeStorage). Where
// that is not there, or is Linux's basic_text (a fixed password), it is not called protected and
// the station falls back to its own 0600 file, which it shows as unprotected.
import { generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ElectronApi } from './electron-api.ts'

const fileName = 'station.key.sealed'

export function isProtected(safeStorage: ElectronApi['safeStorage']): boolean {
  if (!safeStorage.isEncryptionAvailable()) return false
  return safeStorage.getSelectedStorageBackend?.() !== 'basic_text'
}

/**
 * PKCS8 PEM of the station's Ed25519 key, or null when the key store protects nothing here or the
 * station already keeps an unsealed key of its own. Throws when a sealed key cannot be opened: a
 * new key would cut the till off from its own ledger.
 */
export function openSealedKey(
  safeStorage: ElectronApi['safeStorage'],
  directory: string,
): string | null {
  const path = join(directory, fileName)
  if (existsSync(path)) return safeStorage.decryptString(readFileSync(path))
  if (!isProtected(safeStorage) || existsSync(join(directory, 'station.key'))) return null
  const { privateKey } = generateKeyPairSync('ed25519')
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  mkdirSync(directory, { recursive: true })
  writeFileSync(`${path}.new`, safeStorage.encryptString(pem), { mode: 0o600, flush: true })
  renameSync(`${path}.new`, path)
  return pem
}
