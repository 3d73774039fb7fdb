// Takes in a catalogue file: streaming, each row judged by itself, nothing visible before the
// whole file was read. Refused rows are reported by line and reason; the good ones are imported,
// or none at all in strict mode. Memory does not grow with the file, but for its codes.
import { pipeline } from 'node:stream/promises'
import type { Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { readStores } from '#central/station-store.ts'
import { readReferenceDocuments } from './reference-store.ts'
import {
  type Column, optionalColumns, readCatalogueRow, type RefusedRow, requiredColumns, type RowContext,
  RowRefused,
} from './catalogue-row.ts'
import {
  csvGuard, cutMark, QuoteNotClosed, recordLengthAtMost, WrongEncoding,
} from './csv-guard.ts'
import { pinyinKeys } from './pinyin-keys.ts'
import { beginStaging, type ImportDeps, type Staging } from './stage-and-publish.ts'

export type ImportOptions = {
  storeId: string
  /** One refused row refuses the file. */
  strict: boolean
  progress?: (progress: ImportProgress) => void
  /** Stops between two rows; nothing of the file becomes visible. */
  signal?: AbortSignal
}
export type ImportProgress = {
  stage: 'reading' | 'publishing'; bytes: number; rows: number; refused: number; published: number
}
export type ImportReport = {
  rows: number
  imported: number
  refused: number
  /** The first refusals, in the order of the file; `refused` counts all. */
  refusals: RefusedRow[]
  ignoredColumns: string[]
  /** Set when the whole file was refused: nothing was imported. */
  fileRefused: FileRefusal | null
}
export type FileRefusal = { reason: string; detail: string }

const refusalsKept = 1000
const progressEveryRows = 500

class FileRefused extends Error {
  readonly refusal: FileRefusal
  constructor(reason: string, detail: string) {
    super(`${reason}: ${detail}`)
    this.refusal = { reason, detail }
  }
}

export const importCatalogue = async (
  deps: ImportDeps, source: Readable, options: ImportOptions,
): Promise<ImportReport> => {
  const report: ImportReport = {
    rows: 0, imported: 0, refused: 0, refusals: [], ignoredColumns: [], fileRefused: null,
  }
  const refuseFile = (refusal: FileRefusal): ImportReport =>
    ({ ...report, imported: 0, fileRefused: refusal })
  const context = await rowContext(deps, options.storeId)
  if (!context) return refuseFile({ reason: 'store-unknown', detail: options.storeId })
  const staging = await beginStaging(deps, options.storeId)
  if (!staging) return refuseFile(
    { reason: 'import-under-way', detail: 'wait until the other import is done' }
  )
  const progress = {
    stage: 'reading', bytes: 0, rows: 0, refused: 0, published: 0,
  } as ImportProgress
  try {
    await readFile(source, options, context, staging, report, progress)
    if (report.rows === 0) throw new FileRefused('empty', 'the file has no rows')
    if (options.strict && report.refused > 0) {
      throw new FileRefused('strict', `${report.refused} of ${report.rows} rows are refused`)
    }
  } catch (error) {
    await staging.abandon()
    const refusal = fileRefusal(error)
    if (refusal === null) throw error
    return refuseFile(refusal)
  }
  await staging.publish(
    (published) => options.progress?.({ ...progress, stage: 'publishing', published })
  )
  return report
}

const rowContext = async (deps: ImportDeps, storeId: string): Promise<RowContext | null> => {
  if (!(await readStores(deps.db)).some((store) => store.store_id === storeId)) return null
  const documents = await readReferenceDocuments(deps.db, storeId)
  return {
    taxCodes: new Set(documents.flatMap((document) =>
      document.type === 'store' ? Object.keys(document.body.pricing.taxes) : [])),
    departmentIds: new Set(documents.flatMap((document) =>
      document.type === 'department' ? [document.body.departmentId] : [])),
  }
}

const readFile = async (
  source: Readable, options: ImportOptions, context: RowContext, staging: Staging,
  report: ImportReport, progress: ImportProgress,
): Promise<void> => {
  const parser = parse({
    bom: true, delimiter: ',', record_delimiter: ['\r\n', '\n'], relax_quotes: true,
    relax_column_count: true, skip_empty_lines: true, info: true,
  })
  source.on('data', (chunk: Buffer) => {
    progress.bytes += chunk.length
  })
  let reader: RowReader | null = null
  await pipeline(source, csvGuard(), parser, async (records: AsyncIterable<CsvRecord>) => {
    for await (const { record, info } of records) {
      options.signal?.throwIfAborted()
      if (reader === null) {
        const header = readHeader(record)
        report.ignoredColumns = header.ignored
        reader = rowReader(header.at, record.length, context)
        continue
      }
      report.rows += 1
      const outcome = reader(record, info.lines)
      if (outcome.ok) {
        await staging.add(outcome.row)
        report.imported += 1
      } else {
        report.refused += 1
        if (report.refusals.length < refusalsKept) report.refusals.push(outcome.refusal)
      }
      if (report.rows % progressEveryRows === 0) {
        Object.assign(progress, { rows: report.rows, refused: report.refused })
        options.progress?.(progress)
      }
    }
  })
  Object.assign(progress, { rows: report.rows, refused: report.refused })
  if (reader === null) throw new FileRefused('empty', 'the file has no header line')
}

type CsvRecord = { record: string[]; info: { lines: number } }

const readHeader = (record: string[]): { at: Map<Column, number>; ignored: string[] } => {
  const names = record.map((name) => name.trim().toLowerCase())
  const known: ReadonlySet<string> = new Set([...requiredColumns, ...optionalColumns])
  const missing: string[] = requiredColumns.filter((column) => !names.includes(column))
  if (!names.includes('name_zh') && !names.includes('name_en')) missing.push('name_zh or name_en')
  if (missing.length > 0) {
    const hint =
      names.length === 1 && /[;\t]/.test(names[0] ?? '') ? '; columns are separated by commas' : ''
    throw new FileRefused('missing-columns', `${missing.join(', ')}${hint}`)
  }
  const twice = names.find((name, index) => known.has(name) && names.indexOf(name) !== index)
  if (twice !== undefined) throw new FileRefused('column-twice', twice)
  return {
    at: new Map(
      names.flatMap((name, index) => known.has(name) ? [[name as Column, index] as const] : [])
    ),
    ignored: names.filter(
      (name) => name !== '' && !known.has(name)
    ).map((name) => name.slice(0, 60)),
  }
}

type RowReader = (record: string[], line: number) =>
  | { ok: true; row: Parameters<Staging['add']>[0] }
  | { ok: false; refusal: RefusedRow }

const rowReader = (at: Map<Column, number>, columns: number, context: RowContext): RowReader => {
  const lineOfCode = new Map<string, number>()
  const read = (record: string[], line: number) => {
    const whole = record.find((field) => field.includes('\0'))
    if (whole?.includes(cutMark)) throw new RowRefused(
      null, `longer-than-${recordLengthAtMost}`, whole
    )
    if (whole !== undefined) throw new RowRefused(
      columnAt(at, record.indexOf(whole)), 'nul-character', whole
    )
    if (record.length !== columns) {
      throw new RowRefused(null, `${record.length} fields instead of ${columns}`, record.join(','))
    }
    const row = readCatalogueRow((column) => record[at.get(column) ?? -1]?.trim() ?? '', context)
    const earlier = lineOfCode.get(row.product.code)
    if (earlier !== undefined) {
      throw new RowRefused('code', `duplicate-code (first in line ${earlier})`, row.product.code)
    }
    lineOfCode.set(row.product.code, line)
    return { ...row, line, product: { ...row.product, ...pinyinKeys(row.product.name.zh) } }
  }
  return (record, line) => {
    try {
      return { ok: true, row: read(record, line) }
    } catch (error) {
      if (!(error instanceof RowRefused)) throw error
      return { ok: false, refusal: {
        line, column: error.column, reason: error.reason, value: error.value,
      } }
    }
  }
}

const columnAt = (at: Map<Column, number>, index: number): Column | null =>
  [...at].find(([, position]) => position === index)?.[0] ?? null

const fileRefusal = (error: unknown): FileRefusal | null => {
  if (error instanceof FileRefused) return error.refusal
  if (error instanceof WrongEncoding) return { reason: 'not-utf-8', detail: error.hint }
  if (error instanceof QuoteNotClosed) return { reason: 'quote-not-closed', detail: error.message }
  if (error instanceof CsvError) return { reason: 'not-csv', detail: error.message }
  return null
}
