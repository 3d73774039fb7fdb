// A station without a ledger: signs requests and makes journal entries with any content, to test
// what central does with honest, broken and forged ones.
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { enrolStation } from '#station/sync/enrol.ts'
import { createSigner, type Signer } from '#station/sync/signer.ts'
import { stationKeys } from '#station/ledger/key-store.ts'
import type { Central } from '#central/start-central.ts'
import { systemClock, systemIds } from '#central/system-ports.ts'
import {
  entryHashInput, genesisHash, paths, protocolVersion, type WireEntry,
} from '#contract/sync-protocol.ts'
import { admin } from './memory-central.ts'

export type RawReply = { status: number; json: Record<string, unknown>; headers: Headers; bytes: number }
export type RawHead = { seq: number; hash: string }

export type RawStation = {
  readonly stationId: string
  readonly storeId: string
  readonly signer: Signer
  readonly privateKey: KeyObject
  request(
    method: 'GET' | 'POST', path: string, body?: unknown, headers?: Record<string, string>
  ): Promise<RawReply>
  handshake(head?: RawHead): Promise<RawReply>
  send(entries: WireEntry[], epoch?: string): Promise<RawReply>
  chain(contents: { kind: string; payload: Buffer | object }[], after?: RawHead): WireEntry[]
}

export const genesis: RawHead = { seq: 0, hash: genesisHash }

export const enrolRawStation = async (central: Central, storeId = 'shanghai'): Promise<RawStation> => {
  const { code } = await admin<{ code: string }>(central, 'enrolment-codes', { storeId })
  const { privateKey } = generateKeyPairSync('ed25519')
  const keys = stationKeys(privateKey)
  const { stationId } = await enrolStation({ central, code, keys })
  const signer = createSigner(keys, stationId, systemClock)
  const request: RawStation['request'] = async (method, path, body, headers = {}) => {
    const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body))
    const reply = await fetch(central.url + path, {
      method, body: bytes,
      headers: {
        ...(bytes ? { 'content-type': 'application/json' } : {}),
        ...signer.headers({ method, pathAndQuery: path, body: bytes }), ...headers,
      },
    })
    return readReply(reply)
  }
  return {
    stationId, storeId, signer, privateKey, request,
    handshake: (head = genesis) => request('POST', paths.handshake, {
      protocolVersion, epoch: null, headSeq: head.seq, headHash: head.hash,
    }),
    send: (entries, epoch = central.epoch) => request('POST', paths.entries, { epoch, entries }),
    chain: (contents, after = genesis) => makeChain(stationId, privateKey, contents, after),
  }
}

export const readReply = async (reply: Response): Promise<RawReply> => {
  const text = await reply.text()
  return {
    status: reply.status, headers: reply.headers, bytes: Buffer.byteLength(text),
    json: text === '' ? {} : JSON.parse(text) as Record<string, unknown>,
  }
}

const makeChain = (
  stationId: string, privateKey: KeyObject, contents: { kind: string; payload: Buffer | object }[],
  after: RawHead,
): WireEntry[] => {
  let { seq, hash: prevHash } = after
  return contents.map(({ kind, payload }) => {
    seq += 1
    const bytes = Buffer.isBuffer(payload) ? payload : Buffer.from(JSON.stringify(payload))
    const head = {
      seq, id: systemIds.uuidv7(), kind, businessDate: '2026-01-06',
      occurredAtMs: 1_767_700_000_000, operatorId: 'shanghai-101', prevHash,
    }
    const hash = createHash('sha256').update(entryHashInput({ ...head, stationId }, bytes)).digest()
    prevHash = hash.toString('hex')
    return {
      ...head, payload: bytes.toString('base64'), hash: prevHash,
      signature: sign(null, hash, privateKey).toString('base64'),
    }
  })
}

/** A line's figures that add up; enough for central's projections. */
export const rawSale = (
  receiptNumber: string, productId: string, pieces: number, more: object = {},
): { kind: string; payload: object } => ({
  kind: 'sale.completed',
  payload: {
    kind: 'sale.completed', saleId: systemIds.uuidv7(), receiptNumber, tradedAtMs: null,
    lines: [{
      direction: 'sale', productId, departmentId: null, quantityMilli: pieces * 1000,
      unitPriceMicro: 1_000_000, priced: { taxMinor: 0, totalMinor: pieces * 100 },
    }],
    totals: { itemCount: pieces, netMinor: pieces * 100, taxMinor: 0, totalMinor: pieces * 100 },
    tenders: [{ kind: 'cash', amountMinor: pieces * 100 }],
    ...more,
  },
})

export const unlock = (operatorId = 'shanghai-101'): { kind: string; payload: object } =>
  ({ kind: 'operator.signed-in', payload: { kind: 'operator.signed-in', operatorId } })
