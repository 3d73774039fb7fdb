// A process that holds a data directory until it is killed.
import assert from 'node:assert/strict'
import { lockDirectory } from '../directory-lock.ts'

const directory = process.argv[2]
assert.ok(directory !== undefined && process.send !== undefined)
const lock = lockDirectory(directory)
process.send('locked')
setInterval(() => assert.ok(lock), 1000)
