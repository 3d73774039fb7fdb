// Where the station's Ed25519 key lives. The file variant keeps it unencrypted, readable by its
// owner only, and says so; a key is never made anew for a ledger that already has one.
import {
  createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject,
} from 'node:crypto'
import {
  chmodSync, closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { OperatingError } from '#contract/faults.ts'
import type { StationKeys } from '#contract/ports.ts'
import { mapped } from './database.ts'
import { syncDirectory } from './migrate.ts'
import { ledgerFileName } from './open-ledger.ts'

export type KeyStore = {
  /** False: whoever can read the disk can read the key, and the screen says so. */
  readonly protected: boolean
  /** null when there is no key yet. */
  load(): StationKeys | null
  /** Makes and keeps a new key; throws when there is one. */
  create(): StationKeys
}

export const keyFileName = 'station.key'

const rawPublicKey = (key: KeyObject): Buffer =>
  createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32)

/** Keys from an Ed25519 private key; the private half stays inside. */
export const stationKeys = (privateKey: KeyObject): StationKeys => ({
  publicKey: rawPublicKey(privateKey),
  sign: (message) => sign(null, message, privateKey),
})

const parseKey = (pem: string, file: string): StationKeys => {
  let key: KeyObject
  try {
    key = createPrivateKey({ key: pem, format: 'pem' })
  } catch (error) {
    const reason = 'the key file is damaged'
    throw new OperatingError('key-missing', { path: file, reason }, error)
  }
  if (key.asymmetricKeyType !== 'ed25519') {
    throw new OperatingError('key-missing', {
      path: file, reason: 'the key file is not an Ed25519 key',
    })
  }
  return stationKeys(key)
}

// Written whole beside its place, made durable, then linked: a key file is complete or absent, and
// linking (unlike renaming) never replaces a key that another process made meanwhile.
const writeKeyFile = (file: string, pem: string): void => {
  const partial = `${file}.${process.pid}.partial`
  rmSync(partial, { force: true })
  const descriptor = openSync(partial, 'wx', 0o600)
  try {
    writeSync(descriptor, pem)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  try {
    linkSync(partial, file)
  } finally {
    rmSync(partial, { force: true })
  }
}

/** A PKCS #8 PEM file `station.key`, mode 0600, in the data directory. */
export const fileKeyStore = (
  directory: string, faultPoint: (name: string) => void = () => {},
): KeyStore => {
  const file = join(directory, keyFileName)
  return {
    protected: false,
    load: () => mapped(() => {
      const status = statSync(file, { throwIfNoEntry: false })
      if (status === undefined) return null
      if (process.platform !== 'win32' && (status.mode & 0o077) !== 0) chmodSync(file, 0o600)
      return parseKey(readFileSync(file, 'utf8'), file)
    }, { path: file }),
    create: () => mapped(() => {
      mkdirSync(directory, { recursive: true })
      const { privateKey } = generateKeyPairSync('ed25519')
      faultPoint('key:before')
      writeKeyFile(file, privateKey.export({ format: 'pem', type: 'pkcs8' }).toString())
      syncDirectory(directory)
      faultPoint('key:after')
      return stationKeys(privateKey)
    }, { path: file }),
  }
}

/**
 * The station's key, made at the very first start. A directory that has a ledger but no key is not
 * a first start: going on with a new key would fork the station's identity.
 */
export const loadOrCreateKeys = (store: KeyStore, directory: string): StationKeys => {
  const keys = store.load()
  if (keys !== null) return keys
  const ledger = statSync(join(directory, ledgerFileName), { throwIfNoEntry: false })
  if (ledger !== undefined && ledger.size > 0) {
    throw new OperatingError('key-missing', {
      path: directory,
      action: `restore ${keyFileName}, or enrol as a new station in an empty data directory`,
    })
  }
  return store.create()
}
