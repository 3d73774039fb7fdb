// Command ids, minted where the operator acts: the same id travels with every retry of a command,
// so that the station does it once.
export { createUuidv7 } from '#domain/uuidv7.ts'
