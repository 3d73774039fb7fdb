// The documents all subjects of this group store: 100,000 products of about 300 bytes of JSON.
// Guarantees: document n is the same in every run and for every subject.

import type { RxJsonSchema } from 'rxdb'

export interface Product {
  id: string
  gtin: string
  name: string
  brand: string
  category: string
  rank: number
  priceMinor: number
  unit: string
  active: boolean
  updatedAtMs: number
}

export const CATEGORIES = 100

export const productSchema: RxJsonSchema<Product> = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 40 },
    gtin: { type: 'string', maxLength: 14 },
    name: { type: 'string' },
    brand: { type: 'string', maxLength: 40 },
    category: { type: 'string', maxLength: 20 },
    rank: { type: 'integer', minimum: 0, maximum: 100_000_000, multipleOf: 1 },
    priceMinor: { type: 'integer', minimum: 0, maximum: 100_000_000, multipleOf: 1 },
    unit: { type: 'string' },
    active: { type: 'boolean' },
    updatedAtMs: { type: 'number' },
  },
  required: [
    'id', 'gtin', 'name', 'brand', 'category', 'rank', 'priceMinor', 'unit', 'active', 'updatedAtMs',
  ],
  indexes: ['gtin', ['category', 'rank'], 'brand'],
}

/** Spreads the keys over the tree as random ones would: 7 has no factor in common with 10^n. */
export const idOf = (position: number): string =>
  `018f3c2a-${String((position * 7_654_321) % 100_000_007).padStart(9, '0')}-${position}`
export const gtinOf = (position: number): string =>
  String(6_900_000_000_000 + ((position * 37) % 10_000_019))
export const categoryOf = (position: number): string => `category-${position % CATEGORIES}`

export const productAt = (position: number, round = 0): Product => ({
  id: idOf(position),
  gtin: gtinOf(position),
  name: `农夫山泉 Natural water 550 ml ${position}`,
  brand: `Brand ${position % 997}`,
  category: categoryOf(position),
  rank: Math.floor(position / CATEGORIES),
  priceMinor: 100 + ((position * 31 + round) % 90_000),
  unit: 'piece',
  active: true,
  updatedAtMs: 1_700_000_000_000 + position,
})

export const withMeta = (product: Product, revision: string) => ({
  ...product,
  _deleted: false as const,
  _attachments: {},
  _meta: { lwt: 1_700_000_000_000.01 },
  _rev: revision,
})
export type StoredProduct = ReturnType<typeof withMeta>

/** A fixed sequence of positions that looks random. */
export const positionsOf = (amount: number, documents: number, start: number): number[] =>
  Array.from({ length: amount }, (_, step) => ((start + step) * 48_271) % documents)
