// EXPLAIN QUERY PLAN of the queries a station asks: an index answers them, nothing scans the table.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Explanation } from './query-runner-store.ts'
import { explainQuery } from './query-runner-store.ts'
import type { AnyQuery } from './memory-semantics.ts'
import { insert, openInstance, prepared, product } from './storage-cases.ts'
import type { Instance } from './storage-cases.ts'

const explain = (instance: Instance, selector: object, rest: object = {}): Explanation => {
  const query = prepared(instance, { selector: { ...selector, _deleted: { $eq: false } }, ...rest })
  return explainQuery(instance.internals.table, query as unknown as AnyQuery)
}

const scans = (plan: readonly string[]): string[] =>
  plan.filter((step) => step.startsWith('SCAN') && !step.includes('json_each'))

const withProducts = async (body: (instance: Instance) => void): Promise<void> => {
  const instance = await openInstance({ databasePath: ':memory:' })
  await insert(instance, Array.from({ length: 200 }, (_, rank) => product(`p${rank}`, { rank })))
  instance.internals.table.ensureIndexes()
  body(instance)
  await instance.close()
}

const manyIds = Array.from({ length: 100 }, (_, position) => `p${position}`)

test('indexed conditions are searched, never scanned', () => withProducts((instance) => {
  const queries: [selector: object, rest?: object][] = [
    [{ gtin: { $eq: '690' } }],
    [{ gtin: { $eq: '690' } }, { limit: 1 }],
    [{ gtin: { $in: ['1', '2', '3'] } }],
    [{ gtin: { $in: manyIds } }, { limit: 50 }],
    [{ id: { $eq: 'p1' } }],
    [{ id: { $in: ['p1', 'p2'] } }],
    [{ id: { $gt: 'p1' } }, { sort: [{ id: 'asc' }], limit: 10 }],
    [{ brand: { $eq: 'b' } }, { sort: [{ rank: 'asc' }], limit: 50 }],
    [{ brand: { $eq: 'b' }, rank: { $gt: 5, $lte: 90 } }, { sort: [{ rank: 'desc' }], limit: 50 }],
    [{ rank: { $gte: 5, $lt: 90 } }, { sort: [{ rank: 'asc' }], limit: 50 }],
    [{ rank: { $gte: 5 } }, { sort: [{ name: 'asc' }] }],
    [{ $or: [{ gtin: { $eq: '1' } }, { rank: { $eq: 5 } }] }],
    [
      { $or: [{ gtin: { $eq: '1' } }, { brand: { $eq: 'b' }, rank: { $lt: 3 } }] },
      { sort: [{ rank: 'asc' }], limit: 9 }
    ],
    [{ $and: [{ brand: { $eq: 'b' } }, { rank: { $gt: 4 } }] }],
    [{ brand: { $eq: 'b' }, $or: [{ rank: { $eq: 1 } }, { rank: { $eq: 2 } }] }],
    [{ gtin: { $eq: '1' }, name: { $regex: 'x' } }, { limit: 3 }],
  ]
  for (const [selector, rest] of queries) {
    const { plan } = explain(instance, selector, rest)
    const what = `${JSON.stringify(selector)} ${JSON.stringify(rest)}: ${plan.join(' | ')}`
    assert.deepEqual(scans(plan), [], what)
    assert.ok(plan.some((step) => step.startsWith('SEARCH')), what)
  }
}))

test('a sort that an index gives is not sorted again, and ends with the limit', () => withProducts((instance) => {
  for (const sort of [[{ rank: 'asc' }], [{ gtin: 'asc' }], [{ gtin: 'desc' }, { id: 'desc' }]]) {
    const { plan } = explain(instance, {}, { sort, limit: 50 })
    assert.match(plan.join(' | '), /^(SCAN|SEARCH) \w+ USING INDEX [^|]*$/, JSON.stringify(sort))
  }
}))

test('what SQL cannot say is filtered after the best index', () => withProducts((instance) => {
  const { plan, exact } = explain(instance, { rank: { $gt: 150 }, name: { $regex: 'Product p19' } })
  assert.equal(exact, false)
  assert.match(plan.join(), /SEARCH .*rank/)
}))

test('changes, cleanup and counts use their indexes', () => withProducts((instance) => {
  const { file, names } = instance.internals.table
  const plans = [
    `SELECT seq, doc FROM ${names.table} WHERE seq <> row AND seq > +? ORDER BY seq LIMIT +?`,
    `SELECT seq, doc FROM ${names.table} WHERE row > +? AND seq = row ORDER BY row LIMIT +?`,
    `SELECT row, id FROM ${names.table} WHERE deleted <> 0 AND deleted IN (1, 3) AND lwt <= ? LIMIT 1000`,
    `SELECT count(*) FROM ${names.table} WHERE deleted <> 0`,
    `SELECT doc FROM ${names.table} WHERE deleted <> 0 AND deleted > 1`,
  ].map((sql) => {
    const slots = sql.match(/\?/g)?.map(() => 1) ?? []
    const steps =
      file.db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...slots)
    return steps.map((step) => step.detail).join(' | ')
  })
  assert.match(plans[0] ?? '', /^SEARCH \w+ USING INDEX \S+seq \(seq>\?\)$/)
  assert.match(plans[1] ?? '', /^SEARCH \w+ USING INTEGER PRIMARY KEY \(rowid>\?\)$/)
  for (const plan of plans.slice(2)) assert.match(plan, /INDEX \S+not_live/)
}))

test('no statement is planned anew at each binding', () => withProducts((instance) => {
  // SQLite built with STAT4 replans where a statement with ORDER BY has a bare `?`: see query-
  // store.ts.
  for (const [selector, rest] of [
    [{ gtin: { $eq: '690' } }, { limit: 5, skip: 1 }],
    [{ rank: { $gt: 3, $lt: 9 }, id: { $gt: 'a' } }, { sort: [{ rank: 'asc' }] }],
    [{ gtin: { $in: ['a', 'b'] } }, {}],
    [{ gtin: { $in: manyIds } }, {}],
  ]) {
    const { sql } = explain(instance, selector as object, rest)
    assert.doesNotMatch(sql ?? '', /[^+]\?/)
  }
}))
