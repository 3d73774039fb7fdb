// A real central on an in-memory database, and real stations to talk to it, for tests.
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { type Central, type CentralOptions, startCentral } from '#central/start-central.ts'
import { systemClock, systemIds } from '#central/system-ports.ts'
import type { StationKeys } from '#contract/ports.ts'
import type { JournalPayload } from '#domain/journal-entry.ts'
import { enrolStation } from '#station/sync/enrol.ts'
import { createSigner, type Signer } from '#station/sync/signer.ts'
import { stationKeys } from '#station/ledger/key-store.ts'
import { type Ledger, openLedger } from '#station/ledger/open-ledger.ts'
import { sampleSale, type SampleLine } from '#station/ledger/testing/sample-entries.ts'

export const quiet = pino({ level: process.env['TEST_LOG'] ?? 'silent' })

export const startTestCentral = (options: Partial<CentralOptions> = {}): Promise<Central> =>
  startCentral({
    dataDirectory: null, seed: 'demo', logger: quiet, clock: systemClock, ids: systemIds, ...options,
  })

export const admin = async <T>(
  central: Pick<Central, 'url' | 'adminToken'>, path: string, body?: unknown,
): Promise<T> => {
  const reply = await fetch(`${central.url}/admin/v1/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${central.adminToken}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`)
  return (await reply.json()) as T
}

export type TestStation = {
  stationId: string
  storeId: string
  ledger: Ledger
  signer: Signer
  keys: StationKeys
  directory: string
  sell(lines: SampleLine[]): void
  append(payload: JournalPayload): void
  close(): void
}

/** Enrols a new station with a ledger of its own in a temporary directory. */
export const enrolTestStation = async (
  central: Pick<Central, 'url' | 'adminToken'>, storeId = 'shanghai',
): Promise<TestStation> => {
  const { code } = await admin<{ code: string }>(central, 'enrolment-codes', { storeId })
  const keys = stationKeys(generateKeyPairSync('ed25519').privateKey)
  const enrolled = await enrolStation({ central, code, keys })
  const directory = mkdtempSync(join(tmpdir(), 'onecounter-station-'))
  const ledger = openLedger({ directory, clock: systemClock, ids: systemIds, logger: quiet, keys })
  ledger.adopt({
    stationId: enrolled.stationId, storeId: enrolled.storeId, stationNumber: enrolled.stationNumber,
  })
  const append = (payload: JournalPayload): void => {
    ledger.transact((tx) => tx.append({
      payload, operatorId: `${storeId}-101`, businessDate: '2026-01-05', occurredAtMs: Date.now(),
    }))
  }
  return {
    ...enrolled, ledger, keys, directory, append,
    signer: createSigner(keys, enrolled.stationId, systemClock),
    sell: (lines) => ledger.transact((tx) => {
      tx.append({
        payload: sampleSale({
          saleId: systemIds.uuidv7(), receiptNumber: tx.nextReceiptNumber('sale'), lines,
        }),
        operatorId: `${storeId}-101`, businessDate: '2026-01-05', occurredAtMs: Date.now(),
      })
    }),
    close: () => {
      ledger.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

export const until = async (
  what: string, holds: () => boolean | Promise<boolean>, timeoutMs = 15_000,
): Promise<void> => {
  const deadlineMs = performance.now() + timeoutMs
  while (!(await holds())) {
    if (performance.now() > deadlineMs) throw new Error(`timed out: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
