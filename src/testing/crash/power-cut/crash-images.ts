// What a disk may hold after a power cut, from the record of a process's writes: all that was
// synced, and of what was not yet synced any part, in any combination, torn at sector borders.
// A name (a file made or removed) is as uncertain as content until its directory is synced.
import { readFileSync } from 'node:fs'

const [writeOp, truncateOp, syncOp, removeOp, createOp] = [1, 2, 3, 4, 5]
const [acknowledgedFile, directoryFile] = [4, 5]
const fileNames: Record<number, string> = {
  1: 'ledger.db', 2: 'ledger.db-wal', 3: 'ledger.db-journal',
}
const headerBytes = 14
const sectorBytes = 512

export type Operation = { op: number; file: number; offset: number; data: Buffer }

export const isCheckpoint = ({ op, file }: Operation): boolean => op === writeOp && file === 1

export const readRecord = (path: string): Operation[] => {
  const bytes = readFileSync(path)
  const operations: Operation[] = []
  for (let at = 0; at + headerBytes <= bytes.length;) {
    const length = bytes.readUInt32LE(at + 2)
    const end = at + headerBytes + length
    operations.push({
      op: bytes[at] ?? 0, file: bytes[at + 1] ?? 0, offset: Number(bytes.readBigUInt64LE(at + 6)),
      data: bytes.subarray(at + headerBytes, end),
    })
    at = end
  }
  return operations
}

/** The bytes of a file, whatever its name is by now. */
type Body = { synced: Buffer; pending: Operation[] }
type Name = { file: number; body: Body | null }

const apply = (content: Buffer, { op, offset, data }: Operation): Buffer => {
  if (op === truncateOp) {
    return offset <= content.length
      ? Buffer.from(content.subarray(0, offset))
      : Buffer.concat([content, Buffer.alloc(offset - content.length)])
  }
  const missing = offset + data.length - content.length
  const after = missing > 0
    ? Buffer.concat([content, Buffer.alloc(missing)]) : Buffer.from(content)
  data.copy(after, offset)
  return after
}

/** Only some sectors of a write reached the disk. */
const torn = (operation: Operation, random: () => number): Operation[] => {
  const parts: Operation[] = []
  for (let at = 0; at < operation.data.length; at += sectorBytes) {
    if (random() < 0.5) continue
    parts.push({
      ...operation, offset: operation.offset + at,
      data: operation.data.subarray(at, at + sectorBytes),
    })
  }
  return parts
}

type Fate = 'dropped' | 'kept' | 'some' | 'torn'
const fates: readonly Fate[] = ['dropped', 'kept', 'some', 'torn']

export type Image = {
  cutAt: number
  fate: Fate
  files: Map<string, Buffer>
  /** What customers had been told before the cut. */
  acknowledged: string[]
  unsynced: number
}

class Disk {
  readonly #random: () => number
  readonly #acknowledged: string[] = []
  /** Names as the process sees them, and as the synced directory has them. */
  readonly #seen = new Map<number, Body>()
  readonly #synced = new Map<number, Body>()
  #pendingNames: Name[] = []

  constructor(random: () => number) {
    this.#random = random
  }

  do(operation: Operation): void {
    const { op, file, data } = operation
    if (file === acknowledgedFile) {
      this.#acknowledged.push(...data.toString('utf8').split('\n').filter((id) => id !== ''))
    } else if (file === directoryFile) {
      if (op === syncOp) this.#syncDirectory()
    } else if (op === createOp) {
      const body = { synced: Buffer.alloc(0), pending: [] }
      this.#seen.set(file, body)
      this.#pendingNames.push({ file, body })
    } else if (op === removeOp) {
      this.#seen.delete(file)
      this.#pendingNames.push({ file, body: null })
    } else {
      this.#change(this.#seen.get(file), operation)
    }
  }

  #change(body: Body | undefined, operation: Operation): void {
    if (body === undefined) throw new Error('a write to a file that was never made')
    if (operation.op !== syncOp) {
      body.pending.push(operation)
      return
    }
    body.synced = body.pending.reduce(apply, body.synced)
    body.pending = []
  }

  #syncDirectory(): void {
    for (const { file, body } of this.#pendingNames) {
      if (body === null) this.#synced.delete(file)
      else this.#synced.set(file, body)
    }
    this.#pendingNames = []
  }

  /** What is found when the power comes back. */
  image(cutAt: number): Image {
    const fate = fates[Math.floor(this.#random() * fates.length)] ?? 'dropped'
    const survives = (): boolean =>
      fate === 'kept' || (fate !== 'dropped' && this.#random() < 0.5)
    const names = new Map(this.#synced)
    for (const { file, body } of this.#pendingNames) {
      if (!survives()) continue
      if (body === null) names.delete(file)
      else names.set(file, body)
    }
    const files = new Map<string, Buffer>()
    let unsynced = this.#pendingNames.length
    for (const [file, { synced, pending }] of names) {
      unsynced += pending.length
      const parts = pending.filter(survives).flatMap((operation) =>
        fate === 'torn' && operation.op === writeOp ? torn(operation, this.#random) : [operation])
      files.set(fileNames[file] ?? '', parts.reduce(apply, synced))
    }
    return { cutAt, fate, files, acknowledged: [...this.#acknowledged], unsynced }
  }
}

/** Follows the record and gives the image at each of the cuts (ascending indexes). */
export function* imagesAt(
  operations: readonly Operation[], cuts: readonly number[], random: () => number,
): Generator<Image> {
  const disk = new Disk(random)
  let next = 0
  for (const [index, operation] of operations.entries()) {
    for (; cuts[next] === index; next += 1) yield disk.image(index)
    disk.do(operation)
  }
}
