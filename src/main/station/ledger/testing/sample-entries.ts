// Sales and other facts for tests, the crash proof and benchmarks: valid, small, deterministic.
import { createHash, generateKeyPairSync } from 'node:crypto'
import type { LineTax } from '#domain/basket.ts'
import type { SaleCompleted, SaleLine, Tender } from '#domain/journal-entry.ts'
import type { Clock, Ids, StationKeys } from '#contract/ports.ts'
import type { StationIdentity } from '../identity-store.ts'
import { stationKeys } from '../key-store.ts'

export const sampleIdentity: StationIdentity = {
  stationId: 'station-03', storeId: 'S01', stationNumber: 3,
}

export const sampleClock = (startMs = 1_760_000_000_000): Clock & { advance(ms: number): void } => {
  let now = startMs
  return { nowMs: () => now, monotonicMs: () => now, advance: (ms) => { now += ms } }
}

/** Well-formed ids of version 7, counted from `seed`: the same in every run. */
export const sampleIds = (seed = 'ids'): Ids => {
  let count = 0
  return {
    uuidv7: () => {
      count += 1
      const hex = createHash('sha256').update(`${seed}:${count}`).digest('hex')
      const time = (1_760_000_000_000 + count).toString(16).padStart(12, '0')
      return `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(0, 3)}-8${hex.slice(3, 6)}-`
        + hex.slice(6, 18)
    },
  }
}

export const sampleKeys = (): StationKeys => stationKeys(generateKeyPairSync('ed25519').privateKey)

const taxOf = (amountMinor: number, baseMinor: number): LineTax => ({
  taxId: 'vat13', name: { zh: '增值税', en: 'VAT' }, basisPoints: 1300, included: true, baseMinor,
  amountMinor,
})

export type SampleLine = {
  productId: string
  pieces: number
  unitPriceMinor: number
  direction?: 'sale' | 'return'
}

const lineOf = (sample: SampleLine, lineId: string): SaleLine => {
  const direction = sample.direction ?? 'sale'
  const sign = direction === 'sale' ? 1 : -1
  const total = sample.pieces * sample.unitPriceMinor * sign
  const tax = Math.trunc((total * 1300) / 11_300)
  return {
    lineId,
    direction,
    productId: sample.productId,
    departmentId: null,
    barcode: '6901234567892',
    name: { zh: '农夫山泉饮用天然水 550ml', en: 'Spring water 550 ml' },
    unit: 'piece',
    quantityMilli: sample.pieces * 1000,
    unitPriceMicro: sample.unitPriceMinor * 10_000,
    listPriceMicro: sample.unitPriceMinor * 10_000,
    priceSource: 'list',
    priceReasonCode: null,
    taxCode: 'standard',
    discount: null,
    priced: {
      grossMinor: total, discountMinor: 0, netMinor: total - tax, taxMinor: tax,
      totalMinor: total, taxes: [taxOf(tax, total - tax)],
    },
  }
}

const cashTender = (tenderId: string, amountMinor: number, tenderedMinor: number): Tender =>
  ({ tenderId, kind: 'cash', amountMinor, tenderedMinor, card: null })

/** A sale that keeps every invariant, paid in cash with a note of `roundTo` minor units. */
export const sampleSale = (options: {
  saleId: string
  receiptNumber: string
  lines: readonly SampleLine[]
  roundTo?: number
}): SaleCompleted => {
  const lines = options.lines.map((line, index) => lineOf(line, `${options.saleId}-${index + 1}`))
  const sum = (pick: (line: SaleLine) => number): number =>
    lines.reduce((total, line) => total + pick(line), 0)
  const total = sum((line) => line.priced.totalMinor)
  const net = sum((line) => line.priced.netMinor)
  const tax = sum((line) => line.priced.taxMinor)
  const roundTo = options.roundTo ?? 1
  const tendered = total > 0 ? Math.ceil(total / roundTo) * roundTo : total
  return {
    kind: 'sale.completed',
    saleId: options.saleId,
    receiptNumber: options.receiptNumber,
    basketId: `basket-${options.saleId}`,
    currency: 'CNY',
    minorDigits: 2,
    lines,
    totals: {
      itemCount: sum((line) => line.quantityMilli / 1000), grossMinor: total, savedMinor: 0,
      netMinor: net, taxMinor: tax, totalMinor: total,
      taxes: lines.length === 0 ? [] : [taxOf(tax, net)],
    },
    tenders: total === 0 ? [] : [cashTender(`${options.saleId}-t1`, total, tendered)],
    changeMinor: tendered - total,
    operatorNumber: '101',
    tradedAtMs: null,
    externalReference: null,
  }
}
