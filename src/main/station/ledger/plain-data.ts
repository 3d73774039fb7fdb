// What may enter the journal: plain JSON data with whole numbers and well-formed text without NUL.
// Anything else would come back from the bytes as something different, or break central's store.
import assert from 'node:assert/strict'

const maxDepth = 32

const textProblem = (text: string): string | null => {
  if (!text.isWellFormed()) return ': ill-formed UTF-16'
  return text.includes('\0') ? ': NUL' : null
}

type Problem = (value: unknown, depth: number) => string | null

// Returns the place and the fault, built only when there is one: this runs in every sale.
const walk = (value: unknown, depth: number, leaf: Problem): string | null => {
  if (typeof value !== 'object' || value === null) return leaf(value, depth)
  if (depth === maxDepth) return ': too deep'
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      const found = walk(value[index], depth + 1, leaf)
      if (found !== null) return `[${index}]${found}`
    }
    return null
  }
  for (const key in value) {
    const found = walk((value as Record<string, unknown>)[key], depth + 1, leaf)
    if (found !== null) return `.${key}${found}`
  }
  return null
}

const valueProblem: Problem = (value) => {
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) ? null : `: ${value} is not a safe whole number`
  }
  return typeof value === 'string' || typeof value === 'boolean' || value === null
    ? null : `: ${typeof value}`
}

const stringProblem: Problem = (value) => typeof value === 'string' ? textProblem(value) : null

/**
 * The JSON text of `value`. Throws an AssertionError naming the place of the first value that is
 * not plain data.
 */
export const plainJson = (value: unknown, name: string): string => {
  const found = walk(value, 0, valueProblem)
  assert.ok(found === null, `${name}${found}`)
  const json = JSON.stringify(value)
  // JSON writes NUL and lone surrogates as escapes, so a text without any escape has neither.
  if (!json.includes('\\u')) return json
  const text = walk(value, 0, stringProblem)
  assert.ok(text === null, `${name}${text}`)
  assert.ok(!/(?<!\\)(\\\\)*\\u(0000|d[89a-f])/.test(json), `${name}: ill-formed text in a key`)
  return json
}

export const assertPlainText = (text: string, name: string): void => {
  const found = textProblem(text)
  assert.ok(found === null, `${name}${found}`)
}
