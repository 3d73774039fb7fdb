// Takes in journal entries. Guarantees: a batch commits as a whole or not at all; every entry and
// its effects exactly once, however often it is sent; the acknowledgement follows the commit; an
// entry that is not understood is kept and quarantined while the rest moves on; a journal that
// contradicts itself stops that station, loudly.
import type { Logger } from 'pino'
import type { Clock, Ids } from '#contract/ports.ts'
import type {
  EntriesReply, HandshakeReply, handshakeRequest, SyncErrorCode, WireEntry,
} from '#contract/sync-protocol.ts'
import type { Connection, Database } from '#central/database/port.ts'
import type { ChangeHub } from '#central/feed/change-hub.ts'
import type { AuthenticatedStation } from '#central/http/authenticate.ts'
import { RequestRefused } from '#central/http/refusal.ts'
import { setStationStatus } from '#central/station-store.ts'
import type { z } from 'zod'
import { understand } from './effects.ts'
import {
  addQuarantine, advanceHead, type CaseInput, type EntryRow, insertEntries, insertSales, lockHead,
  lockQuarantined, lockStock, noteContact, openCases, openQuarantine, publishStock, readHashes,
  readHead, resolveQuarantine, type SaleOfEntry,
} from './intake-store.ts'
import { type CheckedEntry, verifyEntries } from './verify-entries.ts'

export type IntakeDeps = {
  db: Database; hub: ChangeHub; clock: Clock; ids: Ids; logger: Logger; epoch: () => string
}

export type Intake = {
  handshake(
    station: AuthenticatedStation, request: z.infer<typeof handshakeRequest>
  ): Promise<HandshakeReply>
  entries(station: AuthenticatedStation, epoch: string, entries: WireEntry[]): Promise<EntriesReply>
  /** Tries an entry in quarantine again; false when it is still not understood or not there. */
  retryQuarantined(storeId: string, stationId: string, seq: number): Promise<boolean>
}

export const createIntake = (deps: IntakeDeps): Intake => ({
  handshake: (station, request) => handshake(deps, station, request),
  entries: (station, epoch, entries) => takeIn(deps, station, epoch, entries),
  retryQuarantined: (storeId, stationId, seq) => retryQuarantined(deps, storeId, stationId, seq),
})

const handshake = async (
  deps: IntakeDeps, station: AuthenticatedStation, request: z.infer<typeof handshakeRequest>,
): Promise<HandshakeReply> => {
  refuseStopped(station)
  const { db, clock } = deps
  const { store_id: storeId, station_id: stationId } = station
  const head = await readHead(db, storeId, stationId)
  if (request.headSeq < head.ackedSeq) {
    return refuseForked(deps, station, 'journal-tail-lost',
      { headSeq: request.headSeq, ackedSeq: head.ackedSeq })
  }
  if (request.headSeq === head.ackedSeq && request.headHash !== head.ackedHash) {
    return refuseForked(deps, station, 'head-differs', { seq: head.ackedSeq })
  }
  const nowMs = clock.nowMs()
  await noteContact(db, {
    storeId, stationId, headSeq: request.headSeq, epoch: deps.epoch(), nowMs,
    clockSkewMs: station.clockSkewMs,
  })
  return {
    epoch: deps.epoch(), ...head, serverTimeMs: nowMs,
    quarantinedSeqs: await openQuarantine(db, storeId, stationId),
  }
}

const takeIn = async (
  deps: IntakeDeps, station: AuthenticatedStation, epoch: string, wire: WireEntry[],
): Promise<EntriesReply> => {
  refuseStopped(station)
  if (epoch !== deps.epoch()) {
    throw new RequestRefused(
      'epoch', 'central is in another epoch: handshake again', { epoch: deps.epoch() }
    )
  }
  const verified = await verifyEntries(wire, station.station_id, station.key)
  if (!verified.ok) {
    return stop(deps, station, 'chain-broken', `entry-${verified.fault}`, { seq: verified.seq })
  }
  const outcome = await deps.db.transaction((tx) => apply(tx, deps, station, verified.entries))
  if (outcome.kind === 'gap') {
    throw new RequestRefused(
      'gap', 'entries are missing in between: handshake again', { ackedSeq: outcome.ackedSeq }
    )
  }
  if (outcome.kind === 'forked') {
    return stop(deps, station, 'chain-forked', 'entry-differs', { seq: outcome.seq })
  }
  if (outcome.stockChanged) deps.hub.changed(station.store_id, ['stock'])
  for (const { seq, reason } of outcome.quarantined) {
    deps.logger.error({ stationId: station.station_id, seq, reason }, 'journal entry quarantined')
  }
  return outcome.reply
}

type Outcome =
  | { kind: 'done'; reply: EntriesReply; stockChanged: boolean; quarantined: { seq: number; reason: string }[] }
  | { kind: 'gap'; ackedSeq: number }
  | { kind: 'forked'; seq: number }

const apply = async (
  tx: Connection, deps: IntakeDeps, station: AuthenticatedStation, entries: CheckedEntry[],
): Promise<Outcome> => {
  const { store_id: storeId, station_id: stationId } = station
  const nowMs = deps.clock.nowMs()
  const head = await lockHead(tx, storeId, stationId)
  const known = entries.filter((entry) => entry.seq <= head.ackedSeq)
  const fresh = entries.filter((entry) => entry.seq > head.ackedSeq)
  if (known.length > 0) {
    const hashes = await readHashes(tx, storeId, stationId, known.map((entry) => entry.seq))
    const differs = known.find((entry) => hashes.get(entry.seq) !== entry.hash)
    if (differs) return { kind: 'forked', seq: differs.seq }
  }
  const first = fresh[0]
  const last = fresh.at(-1)
  if (!first || !last) {
    const quarantinedSeqs = await openQuarantine(tx, storeId, stationId)
    return {
      kind: 'done', reply: { ...head, quarantinedSeqs }, stockChanged: false, quarantined: [],
    }
  }
  if (first.seq !== head.ackedSeq + 1) return { kind: 'gap', ackedSeq: head.ackedSeq }
  if (first.prevHash !== head.ackedHash) return { kind: 'forked', seq: first.seq }

  const inserted = await insertEntries(tx, storeId, stationId, fresh.map(entryRow), nowMs)
  // The chain fits but an id is there already under another seq: a copied journal.
  if (inserted !== fresh.length) throw new DuplicateId(first.seq)
  const quarantined: { seq: number; reason: string }[] = []
  const sales: SaleOfEntry[] = []
  for (const entry of fresh) {
    const understood = understand({ kind: entry.kind, payload: entry.payloadBytes })
    if (!understood.ok) quarantined.push({ seq: entry.seq, reason: understood.reason })
    else if (understood.sale) sales.push({ ...entry, sale: understood.sale })
  }
  for (const { seq, reason } of quarantined) {
    await addQuarantine(tx, storeId, stationId, seq, reason, nowMs)
  }
  const nextHead = { ackedSeq: last.seq, ackedHash: last.hash }
  await advanceHead(tx, storeId, stationId, nextHead, nowMs)
  const alarms = quarantined.map(({ seq, reason }): CaseInput => ({
    caseId: deps.ids.uuidv7(), kind: 'entry-quarantined', subject: `${stationId}:${seq}`,
    detail: { stationId, seq, reason },
  }))
  const stockChanged = await applySales(
    tx, deps, { storeId, stationId, includedSeq: last.seq, sales, alarms }
  )
  const quarantinedSeqs = await openQuarantine(tx, storeId, stationId)
  return { kind: 'done', reply: { ...nextHead, quarantinedSeqs }, stockChanged, quarantined }
}

/** Figures, stock movements and the cases they open. Publishing comes last. */
const applySales = async (
  tx: Connection, deps: IntakeDeps,
  work: { storeId: string; stationId: string; includedSeq: number; sales: SaleOfEntry[]; alarms: CaseInput[] },
): Promise<boolean> => {
  const { storeId, stationId, sales } = work
  const nowMs = deps.clock.nowMs()
  await insertSales(tx, storeId, stationId, sales)
  const moved = new Map<string, number>()
  for (const line of sales.flatMap(({ sale }) => sale.lines)) {
    if (line.productId === null) continue
    moved.set(line.productId, (moved.get(line.productId) ?? 0) + line.quantityMilli)
  }
  const cases = [...work.alarms]
  if (moved.size === 0) {
    await openCases(tx, storeId, cases, nowMs)
    return false
  }
  const stock = await lockStock(tx, storeId, [...moved.keys()])
  const documents = [...moved].map(([productId, quantityMilli]) => {
    const before = stock.get(productId) ?? { onHandMilli: 0, includedSeq: {} }
    const onHandMilli = before.onHandMilli - quantityMilli
    if (onHandMilli < 0 && before.onHandMilli >= 0) {
      cases.push({
        caseId: deps.ids.uuidv7(), kind: 'oversold', subject: productId,
        detail: { productId, onHandMilli, stationId },
      })
    }
    const includedSeq = Math.max(work.includedSeq, before.includedSeq[stationId] ?? 0)
    return {
      id: `${storeId}:${productId}`, storeId, productId, onHandMilli, asOfMs: nowMs,
      includedSeq: { ...before.includedSeq, [stationId]: includedSeq },
    }
  })
  await openCases(tx, storeId, cases, nowMs)
  await publishStock(tx, storeId, documents)
  return true
}

const retryQuarantined = async (
  deps: IntakeDeps, storeId: string, stationId: string, seq: number,
): Promise<boolean> => {
  const done = await deps.db.transaction(async (tx) => {
    const entry = await lockQuarantined(tx, storeId, stationId, seq)
    if (!entry) return null
    const understood = understand(entry)
    if (!understood.ok) return null
    await resolveQuarantine(tx, storeId, stationId, seq, deps.clock.nowMs())
    const sales: SaleOfEntry[] = understood.sale
      ? [{
          seq, businessDate: entry.business_date, occurredAtMs: entry.occurred_at_ms,
          operatorId: entry.operator_id, sale: understood.sale,
        }]
      : []
    return { stock: await applySales(
      tx, deps, { storeId, stationId, includedSeq: seq, sales, alarms: [] }
    ) }
  })
  if (done?.stock) deps.hub.changed(storeId, ['stock'])
  return done !== null
}

class DuplicateId extends RequestRefused {
  constructor(seq: number) {
    super('chain-forked', 'an entry id is known under another seq', { seq })
  }
}

const entryRow = (entry: CheckedEntry): EntryRow => ({
  seq: entry.seq, entry_id: entry.id, kind: entry.kind, business_date: entry.businessDate,
  occurred_at_ms: entry.occurredAtMs, operator_id: entry.operatorId, payload: entry.payload,
  signature: entry.signature, prev_hash: entry.prevHash, hash: entry.hash,
})

const refuseStopped = (station: AuthenticatedStation): void => {
  if (station.status !== 'stopped') return
  throw new RequestRefused('chain-forked', 'the intake of this station was stopped', {
    reason: station.status_reason ?? '',
  })
}

/**
 * A handshake that arrives late looks like a lost tail, so it alone stops nothing for good: it is
 * refused and becomes a case. Entries that contradict the stored ones are another matter.
 */
const refuseForked = async (
  deps: IntakeDeps, station: AuthenticatedStation, reason: string,
  details: Record<string, string | number>,
): Promise<never> => {
  const { store_id: storeId, station_id: stationId } = station
  await openCases(deps.db, storeId, [{
    caseId: deps.ids.uuidv7(), kind: 'station-forked', subject: stationId,
    detail: { stationId, reason, ...details },
  }], deps.clock.nowMs())
  deps.logger.error({ stationId, storeId, reason, ...details }, 'handshake of a forked journal')
  throw new RequestRefused('chain-forked', `the journal is not the one central knows: ${reason}`,
    { reason, ...details })
}

const stop = async (
  deps: IntakeDeps, station: AuthenticatedStation, code: SyncErrorCode & (
    'chain-broken' | 'chain-forked'
  ),
  reason: string, details: Record<string, string | number>,
): Promise<never> => {
  const { store_id: storeId, station_id: stationId } = station
  await deps.db.transaction(async (tx) => {
    await setStationStatus(tx, stationId, 'stopped', reason)
    await openCases(tx, storeId, [{
      caseId: deps.ids.uuidv7(), kind: 'station-stopped', subject: stationId,
      detail: { stationId, reason, ...details },
    }], deps.clock.nowMs())
  })
  deps.logger.error({ stationId, storeId, reason, ...details }, 'intake of a station stopped')
  throw new RequestRefused(
    code, `the journal contradicts itself: ${reason}`, { reason, ...details }
  )
}

