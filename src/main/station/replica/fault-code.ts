// Names what kept the replica from being written, for the sync screen.

/** A catalogued code; `otherwise` for what is not recognised. */
export function faultCodeOf(error: unknown, otherwise: string): string {
  const text = describe(error)
  if (/SQLITE_FULL|disk is full|ENOSPC/.test(text)) return 'disk-full'
  if (/SQLITE_READONLY|readonly database|read-only file|EROFS/.test(text)) return 'disk-read-only'
  if (/STORAGE_NEWER/.test(text)) return 'replica-from-future'
  return otherwise
}

/** RxDB says so when a collection was made with another schema or by an older major version. */
export function isOutdated(error: unknown): boolean {
  return /\b(?:DB6|DM5|STORAGE_SCHEMA_CHANGED)\b/.test(codeOf(error))
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
}

/** RxDB wraps the storage's errors at various depths; what matters is in their text. */
function describe(error: unknown): string {
  const seen = new Set<unknown>()
  const text = JSON.stringify(error, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null) return value
    if (seen.has(value)) return undefined
    seen.add(value)
    return value instanceof Error
      ? { ...value, code: codeOf(value), message: value.message, cause: value.cause }
      : value
  })
  return text ?? String(error)
}
