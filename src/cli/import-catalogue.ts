// `onecounter import catalogue <csv>`: sends the file to central as it is read, shows how far it
// is, and reports what was refused, by line and reason.
import { createReadStream, statSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import type { Command } from 'commander'
import type { ImportProgress, ImportReport } from '#central/import/import-catalogue.ts'
import { OperatingError } from '#contract/faults.ts'
import { withTarget } from './central.ts'
import type { CentralTarget } from './central-client.ts'

type Options = CentralTarget & { store: string; strict: boolean; report: string; json: boolean }

export const registerImportCatalogue = (importCommand: Command): void => {
  withTarget(importCommand.command('catalogue <csv>'))
    .description('take products, prices and stock from a CSV file (also .csv.gz) into a store')
    .option('--store <id>', 'the store that sells them', 'shanghai')
    .option('--strict', 'import nothing when any row is refused', false)
    .option('--report <rows>', 'how many refused rows to list', '20')
    .option('--json', 'print the report as JSON', false)
    .addHelpText('after', '\nColumns: docs/operators/catalogue-csv.md')
    .action(async (file: string, options: Options) => {
      const startedMs = performance.now()
      const report = await send(file, options, bar(options.json))
      if (options.json) console.log(JSON.stringify(report))
      else print(report, Number(options.report), (performance.now() - startedMs) / 1000)
      if (report.fileRefused || report.refused > 0) process.exitCode = 2
    })
}

type Line = { progress: ImportProgress } | { report: ImportReport } | { failed: string }

const send = async (
  file: string, options: Options, progress: (text: string, done: number) => void,
): Promise<ImportReport> => {
  const size = sizeOf(file)
  const url = new URL('/admin/v1/catalogue', options.central)
  url.search = new URLSearchParams(
    { storeId: options.store, strict: String(options.strict) }
  ).toString()
  const source = createReadStream(file)
  let sent = 0
  source.on('data', (chunk) => {
    sent += chunk.length
  })
  const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${options.adminToken}`, 'content-type': 'text/csv' },
  })
  const gunzip = file.endsWith('.gz') ? createGunzip() : null
  const answered = new Promise<ImportReport>((resolve, reject) => {
    // Heard before the request is torn down with it: the file is at fault, not the network.
    for (const reader of [source, gunzip]) {
      reader?.once('error', (error: Error) => reject(unreadable(file, error)))
    }
    request.once('error', (error) => reject(new OperatingError(
      'central-away', { url: options.central, reason: (error as NodeJS.ErrnoException).code ?? error.message }, error)))
    request.once('response', (response) => {
      let last = ''
      createInterface({ input: response }).on('line', (text) => {
        last = text
        const line = JSON.parse(text) as Line
        if ('progress' in line) progress(describe(line.progress), sent / size)
      }).once('close', () => {
        progress('', 1)
        settle(last, response.statusCode ?? 0, resolve, reject)
      })
      response.once('error', reject)
    })
  })
  const uploaded = gunzip
    ? pipeline(source, gunzip, request)
    : pipeline(source, request)
  // A refusal may answer before all was sent; then the answer counts, not the broken upload.
  uploaded.catch(() => {})
  return answered
}

const settle = (
  last: string, status: number, resolve: (report: ImportReport) => void, reject: (error: Error) =>
    void,
): void => {
  const line = (last === '' ? {} : JSON.parse(last)) as Partial<{
    report: ImportReport; failed: string; message: string
  }>
  if (status === 200 && line.report) return resolve(line.report)
  const reason = line.failed ?? line.message ?? 'the connection ended before the import was done'
  return reject(new OperatingError('central-refused', { reason, status }))
}

const unreadable = (path: string, error: Error & { code?: string }): OperatingError =>
  new OperatingError('file-unreadable', { path, reason: error.code ?? error.message }, error)

const sizeOf = (file: string): number => {
  let found
  try {
    found = statSync(file)
  } catch (error) {
    throw unreadable(file, error as Error)
  }
  if (found.isDirectory()) {
    throw new OperatingError('file-unreadable', { path: file, reason: 'it is a directory' })
  }
  return Math.max(1, found.size)
}

const describe = (progress: ImportProgress): string =>
  progress.stage === 'reading'
    ? `${progress.rows} rows read, ${progress.refused} refused`
    : `${progress.published} of ${progress.rows - progress.refused} rows published`

const width = 28

/** A bar on a terminal; silent when the output is not one. */
const bar = (silent: boolean) => (text: string, done: number): void => {
  if (silent || !process.stderr.isTTY) return
  const filled = Math.round(Math.min(1, done) * width)
  const line = `[${'█'.repeat(filled)}${'·'.repeat(width - filled)}] ${text}`
  process.stderr.write(`\r\u001b[K${text === '' ? '' : line}`)
}

const print = (report: ImportReport, listed: number, seconds: number): void => {
  if (report.ignoredColumns.length > 0) console.log(
    `Ignored columns: ${report.ignoredColumns.join(', ')}`
  )
  if (report.refused > 0) {
    console.log(`${report.refused} of ${report.rows} rows are refused:`)
    for (const refusal of report.refusals.slice(0, listed)) {
      const where = refusal.column === null ? '' : `${refusal.column}: `
      const value = refusal.value === '' ? '' : ` "${refusal.value}"`
      console.log(`  line ${refusal.line}: ${where}${refusal.reason}${value}`)
    }
    if (report.refused > listed) console.log(
      `  … and ${report.refused - listed} more (--report ${report.refused})`
    )
  }
  if (report.fileRefused) {
    console.log(`Nothing was imported. ${report.fileRefused.reason}: ${report.fileRefused.detail}`)
    return
  }
  const rate = Math.round(report.rows / seconds)
  console.log(
    `${report.imported} products imported in ${seconds.toFixed(1)} s (${rate} rows a second).`
  )
}
