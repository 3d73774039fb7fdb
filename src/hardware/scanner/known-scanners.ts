// Vendors whose HID POS scanners are opened without being named in the configuration, with the
// report layout each is known to use; null means: tell by the report itself.
import type { ReportLayout } from '#hardware/scanner/hid-pos-decoder.ts'

export const hidPosUsagePage = 0x8c
export const hidPosUsage = 0x02

const knownVendors: ReadonlyMap<number, { name: string; layout: ReportLayout | null }> = new Map([
  [0x0c2e, { name: 'Honeywell', layout: 'A' }],
  [0x0536, { name: 'Hand Held Products', layout: 'A' }],
  [0x0db5, { name: 'Access-IS', layout: 'A' }],
  [0x05e0, { name: 'Zebra', layout: 'B' }],
  [0x1eab, { name: 'Newland', layout: 'C' }],
  [0x0acd, { name: 'ID TECH', layout: 'C' }],
  [0x05f9, { name: 'Datalogic', layout: null }],
])

export function isKnownVendor(vendorId: number): boolean {
  return knownVendors.has(vendorId)
}

export function layoutOfVendor(vendorId: number | null): ReportLayout | null {
  return vendorId === null ? null : knownVendors.get(vendorId)?.layout ?? null
}
