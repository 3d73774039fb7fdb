// The yardstick of the sale benchmarks: bare better-sqlite3 with the ledger's tables and indexes,
// but without triggers, hash and signature. It is given the very rows that the till wrote, made
// beforehand, and writes them in one durable transaction with statements compiled once.
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { backstopCheckpointFrames, type ReadableDb } from '#station/ledger/database.ts'
import { defaultMigrationsDirectory, readMigrations } from '#station/ledger/migrate.ts'

type Values = (string | number | Buffer | null)[]

/** What a completed sale left behind in the till's database. */
export type SaleRows = {
  inserted: { table: string; values: Values }[]
  openBasket: Values | null
}

export type BareWriter = {
  /** The facts before the first sale (an open shift), so that references lead somewhere. */
  seed(db: ReadableDb): void
  /** The basket's lines as they were before the sale; not part of what is measured. */
  prepare(lines: Values[]): void
  write(rows: SaleRows): void
  checkpoint(): void
  close(): void
}

const bySeq = [
  'journal', 'sale', 'sale_line', 'sale_line_tax', 'tender', 'stock_movement', 'cash_movement',
] as const
const insertTables = [...bySeq, 'print_job', 'command_result'] as const

const rowsOf = (db: ReadableDb, sql: string, ...parameters: (string | number)[]): Values[] =>
  db.prepare<(string | number)[], Values>(sql).raw().all(...parameters)

/** The rows of the sale at `seq`; `commandId` null when only the ledger was used. */
export const readSaleRows = (db: ReadableDb, seq: number, commandId: string | null): SaleRows => {
  const inserted = bySeq.flatMap((table) =>
    rowsOf(db, `SELECT * FROM ${table} WHERE seq = ?`, seq).map((values) => ({ table, values })))
  if (commandId === null) return { inserted, openBasket: null }
  const result = rowsOf(db, 'SELECT * FROM command_result WHERE command_id = ?', commandId)
  const print = rowsOf(db, `SELECT * FROM print_job WHERE sale_id =
    (SELECT sale_id FROM sale WHERE seq = ?)`, seq)
  assert.ok(result.length === 1 && print.length === 1)
  return {
    inserted: [
      ...inserted,
      ...print.map((values) => ({ table: 'print_job', values })),
      ...result.map((values) => ({ table: 'command_result', values })),
    ],
    openBasket: rowsOf(db, 'SELECT * FROM open_basket')[0] ?? null,
  }
}

export const openBasketLines = (db: ReadableDb): Values[] =>
  rowsOf(db, 'SELECT * FROM open_basket_line ORDER BY position')

const openBare = (directory: string): Database.Database => {
  mkdirSync(directory, { recursive: true })
  const db = new Database(join(directory, 'bare.db'))
  for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON',
    `wal_autocheckpoint = ${backstopCheckpointFrames}`]) db.pragma(pragma)
  assert.equal(db.pragma('synchronous', { simple: true }), 2)
  for (const { sql } of readMigrations(defaultMigrationsDirectory)) db.exec(sql)
  const triggers = db.prepare<[], { name: string }>(
    `SELECT name FROM sqlite_schema WHERE type = 'trigger'`,
  ).all()
  for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`)
  return db
}

const insertInto = (db: Database.Database, table: string): Database.Statement => {
  const columns = db.prepare(`SELECT * FROM ${table}`).columns()
  return db.prepare(`INSERT INTO ${table} VALUES (${columns.map(() => '?').join(', ')})`)
}

export const createBareWriter = (directory: string): BareWriter => {
  const db = openBare(directory)
  const inserts = new Map<string, Database.Statement>(
    insertTables.map((table) => [table, insertInto(db, table)]),
  )
  const insertLine = insertInto(db, 'open_basket_line')
  const deleteLine = db.prepare('DELETE FROM open_basket_line WHERE line_id = ?')
  const putBasket = db.prepare(`INSERT INTO open_basket VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (seat) DO UPDATE SET basket_id = excluded.basket_id, revision = excluded.revision,
      document = excluded.document, updated_at_ms = excluded.updated_at_ms`)
  const count = db.prepare(`INSERT INTO receipt_counter VALUES ('sale', 1)
    ON CONFLICT DO UPDATE SET last_number = last_number + 1`)
  const begin = db.prepare('BEGIN IMMEDIATE')
  const commit = db.prepare('COMMIT')
  let lineIds: Values[number][] = []
  return {
    seed(from) {
      begin.run()
      for (const table of ['journal', 'shift', 'cash_movement']) {
        const insert = insertInto(db, table)
        for (const values of rowsOf(from, `SELECT * FROM ${table}`)) insert.run(...values)
      }
      commit.run()
    },
    prepare(lines) {
      begin.run()
      putBasket.run('till', 'before', 0, '{}', 0)
      for (const values of lines) insertLine.run(...values)
      commit.run()
      lineIds = lines.map(([lineId]) => lineId ?? null)
    },
    write({ inserted, openBasket }) {
      begin.run()
      for (const { table, values } of inserted) inserts.get(table)?.run(...values)
      count.run()
      if (openBasket !== null) {
        putBasket.run(...openBasket)
        for (const lineId of lineIds) deleteLine.run(lineId)
      }
      commit.run()
    },
    checkpoint: () => void db.pragma('wal_checkpoint(PASSIVE)'),
    close: () => void db.close(),
  }
}
