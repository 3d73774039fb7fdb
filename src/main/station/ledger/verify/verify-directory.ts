// Checks a whole ledger against every promise it makes, without changing a byte; the station may
// be running. The answer names the entry and the invariant, not merely that something is wrong.
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { OperatingError } from '#contract/faults.ts'
import { asFault, openReadable, type ReadableDb } from '../database.ts'
import { identityOf, publicKeyOf, type StationIdentity } from '../identity-store.ts'
import { fileKeyStore } from '../key-store.ts'
import { checkApplied, defaultMigrationsDirectory, readMigrations } from '../migrate.ts'
import { ledgerFileName } from '../open-ledger.ts'
import { emptyCopy, replay } from '../replay.ts'
import { hashAt, syncState } from '../sync-state-store.ts'
import { ChainCheck } from './chain-check.ts'
import { checkDatabase, checkStoredSums, compareProjections, compareSchema } from
  './compare-store.ts'
import { EntrySequence } from './entry-sequence.ts'
import { Findings, type VerifyReport } from './report.ts'
import { checkSignatures } from './signatures.ts'

export type VerifyOptions = { signatures: boolean; migrationsDirectory?: string }

const nobody: StationIdentity = { stationId: '', storeId: '', stationNumber: 0 }

/** A tail that was cut off shows by what central already acknowledged of it. */
const checkAcknowledged = (db: ReadableDb, headSeq: number, findings: Findings): void => {
  const { ackedSeq, ackedHash } = syncState(db)
  if (ackedSeq > headSeq) {
    findings.add('tail-missing', headSeq, `central acknowledged up to ${ackedSeq}`)
  } else if (hashAt(db, ackedSeq) !== ackedHash) {
    findings.add('chain-broken', ackedSeq, 'central acknowledged this entry with another hash')
  }
}

const checkKey = (db: ReadableDb, directory: string, findings: Findings): void => {
  const recorded = publicKeyOf(db)
  const keys = statSync(join(directory, 'station.key'), { throwIfNoEntry: false }) === undefined
    ? null : fileKeyStore(directory).load()
  if (recorded !== null && keys !== null && !recorded.equals(keys.publicKey)) {
    findings.add('key-differs', null, 'station.key is not the key this ledger is signed with')
  }
}

type Walked = Pick<VerifyReport, 'entries' | 'sales' | 'voids' | 'shifts' | 'headSeq' | 'headHash'>

const walk = (db: ReadableDb, options: VerifyOptions, findings: Findings): Walked => {
  const migrations = readMigrations(options.migrationsDirectory ?? defaultMigrationsDirectory)
  const copy = emptyCopy(migrations.slice(0, checkApplied(db, migrations)))
  try {
    compareSchema(db, copy, findings)
    const identity = identityOf(db) ?? nobody
    const chain = new ChainCheck(identity.stationId)
    const sequence = new EntrySequence(db, identity, findings)
    const entries = replay(db, copy, {
      row: (row) => {
        for (const found of chain.check(row)) findings.add(found.code, row.seq, found.message)
      },
      entry: (row, payload) => sequence.check(row, payload, copy),
      failed: (row, error) => {
        findings.add('entry-unreadable', row.seq, String(error).slice(0, 300))
      },
    })
    compareProjections(db, copy, findings)
    checkStoredSums(db, findings)
    const head = chain.head()
    checkAcknowledged(db, head.seq, findings)
    return { entries, ...sequence.counts, headSeq: head.seq, headHash: head.hash }
  } finally {
    copy.close()
  }
}

type Inspected = Walked & Pick<VerifyReport, 'signaturesChecked'>

const nothingInspected: Inspected = {
  entries: 0, sales: 0, voids: 0, shifts: 0, headSeq: 0, headHash: '', signaturesChecked: null,
}

const inspect = async (
  directory: string, options: VerifyOptions, findings: Findings,
): Promise<Inspected> => {
  const file = join(directory, ledgerFileName)
  const db = openReadable(file)
  try {
    // One state of the database for the whole check, however much is sold meanwhile.
    db.exec('BEGIN')
    checkDatabase(db, findings)
    const walked = walk(db, options, findings)
    checkKey(db, directory, findings)
    const publicKey = publicKeyOf(db)
    if (!options.signatures || publicKey === null) return { ...walked, signaturesChecked: null }
    const verdict = await checkSignatures(file, publicKey, walked.headSeq)
    for (const seq of verdict.invalidSeqs) {
      findings.add('signature-invalid', seq, 'was not signed by this station')
    }
    return { ...walked, signaturesChecked: verdict.checked }
  } finally {
    db.close()
  }
}

/** Damage of the file is a finding, not a failure of the check. */
const inspectWhatCanBeRead = async (
  directory: string, options: VerifyOptions, findings: Findings,
): Promise<Inspected> => {
  try {
    return await inspect(directory, options, findings)
  } catch (error) {
    const fault = asFault(error)
    if (!(fault instanceof OperatingError) || fault.code !== 'ledger-corrupt') throw fault
    findings.add('database-damaged', null, String(fault.cause ?? fault))
    return nothingInspected
  }
}

/** Throws OperatingError when there is no ledger to read or it comes from a newer version. */
export const verifyDirectory = async (
  directory: string, options: VerifyOptions,
): Promise<VerifyReport> => {
  const findings = new Findings()
  const inspected = await inspectWhatCanBeRead(directory, options, findings)
  return {
    directory, ok: findings.listed.length === 0, ...inspected, findings: findings.listed,
    moreFindings: findings.more,
  }
}
