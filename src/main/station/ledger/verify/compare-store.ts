// Compares what is stored with what it must be: each projection with its rebuild, row by row; the
// schema (tables, checks, indexes, triggers) with what the migrations make; sums within sales.
import type { ReadableDb } from '../database.ts'
import { projectionTables } from '../projections/project-entry.ts'
import type { FindingCode, Findings } from './report.ts'

type Cell = string | number | Buffer | null
type TableShape = { name: string; key: readonly string[]; columns: string[] }

const order = (a: Cell, b: Cell): number => {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  // SQLite orders text by its bytes, JavaScript by UTF-16 units.
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)))
}

const orderByKey = (shape: TableShape, a: readonly Cell[], b: readonly Cell[]): number => {
  for (const column of shape.key) {
    const index = shape.columns.indexOf(column)
    const result = order(a[index] ?? null, b[index] ?? null)
    if (result !== 0) return result
  }
  return 0
}

// The entry that a row comes from, by the first of these columns that it has.
const seqColumns = ['seq', 'opened_seq', 'requested_seq'] as const

const seqOf = (shape: TableShape, row: readonly Cell[]): number | null => {
  for (const column of seqColumns) {
    const value = row[shape.columns.indexOf(column)]
    if (typeof value === 'number') return value
  }
  return null
}

const keyText = (shape: TableShape, row: readonly Cell[]): string =>
  shape.key.map((column) => `${column} ${row[shape.columns.indexOf(column)]}`).join(', ')

const differingColumns = (
  shape: TableShape, stored: readonly Cell[], rebuilt: readonly Cell[],
): string =>
  shape.columns.flatMap((column, index) => stored[index] === rebuilt[index]
    ? [] : [`${column} is ${stored[index]}, must be ${rebuilt[index]}`]).join('; ')

const codeOf = (table: string): FindingCode =>
  table === 'stock_movement' ? 'stock-movements' : 'projection-differs'

const compareTable = (
  stored: ReadableDb, rebuilt: ReadableDb, shape: TableShape, findings: Findings,
): void => {
  const sql = `SELECT * FROM ${shape.name} ORDER BY ${shape.key.join(', ')}`
  const left = stored.prepare<[], Cell[]>(sql).raw().iterate()
  const right = rebuilt.prepare<[], Cell[]>(sql).raw().iterate()
  const report = (row: readonly Cell[], what: string): void =>
    findings.add(
      codeOf(shape.name), seqOf(shape, row), `${shape.name} (${keyText(shape, row)}): ${what}`,
    )
  let [a, b] = [left.next(), right.next()]
  while (!a.done || !b.done) {
    const side = a.done ? 1 : b.done ? -1 : orderByKey(shape, a.value, b.value)
    if (side === 0 && !a.done && !b.done) {
      const differences = differingColumns(shape, a.value, b.value)
      if (differences !== '') report(b.value, differences)
    } else if (side < 0 && !a.done) {
      report(a.value, 'is there, though no entry says so')
    } else if (!b.done) {
      report(b.value, 'is missing')
    }
    if (side <= 0) a = left.next()
    if (side >= 0) b = right.next()
  }
}

/** Every row of every projection that is not what the journal makes of it. */
export const compareProjections = (
  stored: ReadableDb, rebuilt: ReadableDb, findings: Findings,
): void => {
  for (const { name, key } of projectionTables) {
    const columns = rebuilt.prepare(`SELECT * FROM ${name}`).columns().map(
      (column) => column.name,
    )
    compareTable(stored, rebuilt, { name, key, columns }, findings)
  }
}

type SchemaRow = { type: string; name: string; sql: string }

const schemaOf = (db: ReadableDb): Map<string, SchemaRow> => {
  const rows = db.prepare<[], SchemaRow>(`SELECT type, name, sql FROM sqlite_schema
    WHERE sql IS NOT NULL AND name <> 'schema_migration' AND name NOT LIKE 'sqlite_%'`).all()
  return new Map(rows.map((row) => [`${row.type} ${row.name}`, row]))
}

/** What the migrations made must be there unchanged, above all the triggers that guard history. */
export const compareSchema = (
  stored: ReadableDb, fresh: ReadableDb, findings: Findings,
): void => {
  const found = schemaOf(stored)
  for (const [key, row] of schemaOf(fresh)) {
    const code = row.type === 'trigger' ? 'trigger-missing' : 'schema-differs'
    const actual = found.get(key)
    if (actual === undefined) findings.add(code, null, `${key} is missing`)
    else if (actual.sql !== row.sql) findings.add(code, null, `${key} was changed`)
    found.delete(key)
  }
  for (const key of found.keys()) {
    findings.add('schema-differs', null, `${key} comes from no migration`)
  }
}

const sumChecks: { code: FindingCode; sql: string }[] = [
  { code: 'tenders-total', sql: `
    SELECT sale.seq, 'tenders come to ' || coalesce(sum(tender.amount_minor), 0)
      || ', the total is ' || total_minor AS message
    FROM sale LEFT JOIN tender USING (seq) GROUP BY sale.seq
    HAVING coalesce(sum(tender.amount_minor), 0) <> sale.total_minor` },
  { code: 'lines-total', sql: `
    SELECT sale.seq, 'lines come to ' || coalesce(sum(line.net_minor + line.tax_minor), 0)
      || ', the total is ' || sale.total_minor AS message
    FROM sale LEFT JOIN sale_line AS line USING (seq) GROUP BY sale.seq
    HAVING coalesce(sum(line.net_minor + line.tax_minor), 0) <> sale.total_minor` },
  { code: 'line-sum', sql: `
    SELECT line.seq, 'line ' || line_number || ': taxes come to '
      || coalesce(sum(tax.amount_minor), 0) || ', not ' || line.tax_minor AS message
    FROM sale_line AS line LEFT JOIN sale_line_tax AS tax USING (seq, line_number)
    GROUP BY line.seq, line_number
    HAVING coalesce(sum(tax.amount_minor), 0) <> line.tax_minor` },
]

/** The sums within the stored sales themselves, whatever the journal says. */
export const checkStoredSums = (db: ReadableDb, findings: Findings): void => {
  for (const { code, sql } of sumChecks) {
    for (const row of db.prepare<[], { seq: number; message: string }>(sql).iterate()) {
      findings.add(code, row.seq, `in the stored sale: ${row.message}`)
    }
  }
}

/** SQLite's own check of the file, and every reference that leads nowhere. */
export const checkDatabase = (db: ReadableDb, findings: Findings): void => {
  for (const row of db.pragma('integrity_check(50)') as { integrity_check: string }[]) {
    if (row.integrity_check !== 'ok') findings.add('database-damaged', null, row.integrity_check)
  }
  type Broken = { table: string; rowid: number | null; parent: string }
  for (const row of db.pragma('foreign_key_check') as Broken[]) {
    findings.add('foreign-key', null, `${row.table} refers to a ${row.parent} that is not there`)
  }
}
