// What a person is told about a value that is not valid: its key, what stands there, and what
// would be right. Secret values are never repeated.
import type { z } from 'zod'

export type Complaint = { key: string; got: string; expected: string }

/** As it would stand in JSON, shortened. */
const shown = (value: unknown): string => {
  if (value === undefined) return 'missing'
  const text = JSON.stringify(value) ?? String(value)
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`
}

const at = (root: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, key) =>
    typeof value === 'object' && value !== null
      ? (value as Record<PropertyKey, unknown>)[key] : undefined, root)

const listed = (values: readonly unknown[]): string => {
  const texts = values.map((value) => shown(value))
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} or ${texts.at(-1)}`
}

const expectationOf = (issue: z.core.$ZodIssue): string => {
  if (issue.code === 'invalid_value') return listed(issue.values)
  return issue.message
    .replace(/^(?:Invalid input|Too big|Too small): expected /, '')
    .replace(/, received .*$/, '')
}

/** About the first thing that is wrong. `isSecret`: the value at this path is not repeated. */
export const complaintOf = (
  error: z.ZodError, root: unknown, isSecret: (path: readonly PropertyKey[]) => boolean = () => false,
): Complaint => {
  const [issue] = error.issues
  if (!issue) return { key: '(the whole file)', got: shown(root), expected: 'something else' }
  const unknownKey = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined
  const key = [...issue.path.map(String), ...(unknownKey === undefined ? [] : [unknownKey])].join('.')
  const value = at(root, issue.path)
  const got = isSecret(issue.path) && value !== undefined ? 'something else' : shown(value)
  return {
    key: key === '' ? '(the whole file)' : key,
    got: unknownKey === undefined ? got : 'a key that does not exist',
    expected: unknownKey === undefined ? expectationOf(issue) : 'one of the documented keys',
  }
}
