// What may enter the journal: plain JSON data with whole numbers and well-formed text without NUL.
// Anything else would come back from the bytes as something different, or break central's store.
import assert from 'node:assert/strict'

const maxDepth = 32

const textProblem = (text: string): string | null => {
  if (!text.isWellFormed()) return ': ill-formed UTF-16'
  return text.includes('\0') ? ': NUL' : null
}

// Returns the place and the fault, built only when there is one: this runs in every sale.
const problem = (value: unknown, depth: number): string | null => {
  if (value === null || typeof value === 'boolean') return null
  if (typeof value === 'string') return textProblem(value)
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) ? null : `: ${value} is not a safe whole number`
  }
  if (typeof value !== 'object') return `: ${typeof value}`
  if (depth === maxDepth) return ': too deep'
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      const found = problem(value[index], depth + 1)
      if (found !== null) return `[${index}]${found}`
    }
    return null
  }
  for (const key of Object.keys(value)) {
    const found = textProblem(key) ?? problem((value as Record<string, unknown>)[key], depth + 1)
    if (found !== null) return `.${key}${found}`
  }
  return null
}

/** Throws an AssertionError naming the place of the first value that is not plain data. */
export const assertPlainData = (value: unknown, name: string): void => {
  const found = problem(value, 0)
  assert.ok(found === null, `${name}${found}`)
}
