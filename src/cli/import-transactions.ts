// `onecounter import transactions <csv>`: invoices of the past through the till's own commands,
// one journal entry each. The till must not be running: the import opens its data directory.
import { createReadStream, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import type { Command } from 'commander'
import { projectDirectory } from '#scripts/node24.js'
import { OperatingError } from '#contract/faults.ts'
import type { ImportProgress, ImportReport } from '#station/features/import/import-transactions.ts'
import type { RunningStation } from '#station/start-station.ts'

type Options = {
  data: string
  operator: string
  central?: string
  enrol?: string
  config?: string
  report: string
  json: boolean
}

export const registerImportTransactions = (importCommand: Command): void => {
  importCommand
    .command('transactions <csv>')
    .description('take past invoices from a CSV file (also .csv.gz) into a till')
    .requiredOption('--data <directory>', "the till's data directory; the till must not be running")
    .requiredOption('--operator <number>', 'number of an operator who may import')
    .option('--central <url>', "central's address, for a till that is not enrolled yet")
    .option('--enrol <code>', 'enrolment code from central, needed once')
    .option('--config <file>', 'configuration file (default: onecounter.json in --data)')
    .option('--report <rows>', 'how many refused rows to list', '20')
    .option('--json', 'print the report as JSON', false)
    .addHelpText('after', [
      '', 'The PIN is asked for, or taken from the environment variable ONECOUNTER_PIN.',
      'Columns: docs/operators/transactions-csv.md',
    ].join('\n'))
    .action((file: string, options: Options) => runImport(file, options))
}

const runImport = async (file: string, options: Options): Promise<void> => {
  const size = sizeOf(file)
  const pin = await readPin()
  const startedMs = performance.now()
  const { running, close } = await openStation(options)
  try {
    await waitUntilReady(running, options.central !== undefined)
    const signedIn = await running.station.call(
      'session.sign-in', { operatorNumber: options.operator, pin })
    if (!signedIn.ok) {
      const reason = signInTexts[signedIn.code] ?? signedIn.code
      return stopWith(`Operator ${options.operator}: ${reason}.`)
    }
    const { importTransactions } = await import('#station/features/import/import-transactions.ts')
    const { FileRefused } = await import('#station/features/import/transaction-rows.ts')
    const source = createReadStream(file)
    const readable = file.endsWith('.gz') ? source.pipe(createGunzip()) : source
    const showProgress = bar(options.json)
    try {
      const report = await importTransactions({
        station: running.station, db: running.ledger.db, replica: running.replica,
        source: readable,
        progress: (progress) => showProgress(progress, source.bytesRead / size),
      })
      showProgress(null, 1)
      const seconds = (performance.now() - startedMs) / 1000
      if (options.json) console.log(JSON.stringify({ ...report, seconds }))
      else print(report, Number(options.report), seconds)
      if (report.refusedRows > 0 || !report.agrees) process.exitCode = 2
    } catch (error) {
      showProgress(null, 1)
      if (error instanceof FileRefused) {
        return stopWith(`Nothing was imported. ${fileTexts[error.reason]}: ${error.detail}.`)
      }
      if (isUnreadable(error)) return stopWith(`${file} cannot be read: ${error.message}`)
      throw error
    }
  } finally {
    await running.station.call('session.sign-out', {})
    await close()
  }
}

const signInTexts: Record<string, string> = {
  'wrong-pin': 'the PIN is wrong',
  wait: 'too many wrong PINs, wait a minute',
  'operator-locked': 'locked after too many wrong PINs, wait half an hour',
  'operator-unknown': 'nobody has this number in this store',
}

const fileTexts = {
  'columns-missing': 'Columns are missing',
  encoding: 'The encoding is wrong',
  empty: 'The file is empty',
  'prices-without-tax': 'The store does not fit',
  'till-in-use': 'The till is in use',
} as const

const stopWith = (text: string): void => {
  console.error(`onecounter: ${text}`)
  process.exitCode = 1
}

const isUnreadable = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'
  && /^(E[A-Z]+|Z_[A-Z_]+)$/.test(error.code)

const sizeOf = (file: string): number => {
  try {
    return Math.max(1, statSync(file).size)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new OperatingError('file-unreadable', { path: file, reason }, error)
  }
}

/** Not echoed on a terminal, and never an argument: those are in every list of processes. */
const readPin = async (): Promise<string> => {
  const given = process.env['ONECOUNTER_PIN']
  if (given !== undefined) return given
  const lines = createInterface({ input: process.stdin, terminal: false })
  if (process.stdin.isTTY) {
    process.stderr.write('PIN: ')
    process.stdin.setRawMode(true)
  }
  try {
    if (!process.stdin.isTTY) {
      for await (const line of lines) return line.trim()
      return ''
    }
    return await typed()
  } finally {
    if (process.stdin.isTTY) {
      process.stdin.setRawMode(false)
      process.stderr.write('\n')
    }
    lines.close()
  }
}

const typed = (): Promise<string> => new Promise((resolve) => {
  let pin = ''
  const onData = (chunk: Buffer): void => {
    for (const key of chunk.toString('utf8')) {
      if (key === '\u0003') process.exit(130)
      if (key === '\r' || key === '\n') {
        process.stdin.off('data', onData)
        return resolve(pin)
      }
      pin = key === '\u007f' || key === '\b' ? pin.slice(0, -1) : pin + key
    }
  }
  process.stdin.on('data', onData)
})

const openStation = async (
  options: Options,
): Promise<{ running: RunningStation; close(): Promise<void> }> => {
  const data = resolve(options.data)
  const [{ configOf }, { openStationLog }, { createSystemIds, systemClock }, { startStation }] =
    await Promise.all([
      import('#station/station-config.ts'), import('#station/station-log.ts'),
      import('#station/system-ports.ts'), import('#station/start-station.ts'),
    ])
  const { readFileSync } = await import('node:fs')
  const { version } = JSON.parse(
    readFileSync(join(projectDirectory, 'package.json'), 'utf8')) as { version: string }
  const config = configOf(options, data)
  const log = await openStationLog({
    directory: join(data, 'logs'), ...config.log, nowMs: systemClock.nowMs,
  })
  try {
    const running = await startStation({
      dataDirectory: data, version, clock: systemClock, ids: createSystemIds(),
      logger: log.logger, enrolmentCode: options.enrol ?? null,
      // No scanner may speak into an import, and past sales are not printed.
      config: { ...config, devices: { scanner: [], printer: null, terminal: null } },
    })
    return {
      running,
      async close() {
        await running.close()
        log.close()
      },
    }
  } catch (error) {
    log.close()
    throw error
  }
}

const readyWithinMs = 120_000

/** A new till has its store's data to fetch first. */
const waitUntilReady = async (running: RunningStation, hasCentral: boolean): Promise<void> => {
  const untilMs = performance.now() + (hasCentral ? readyWithinMs : 0)
  for (;;) {
    const info = await running.station.call('station.info', {})
    if (info.ok && info.value.ready && running.replica.status().firstPullDone) return
    if (performance.now() >= untilMs) {
      throw new OperatingError('central-away', {
        reason: "the store's data have not been fetched yet; give --central",
      })
    }
    await new Promise((done) => setTimeout(done, 100))
  }
}

const width = 28
const showEveryMs = 100

const bar = (silent: boolean): ((progress: ImportProgress | null, done: number) => void) => {
  let shownMs = 0
  return (progress, done) => {
    if (silent || !process.stderr.isTTY) return
    const nowMs = performance.now()
    if (progress !== null && nowMs - shownMs < showEveryMs) return
    shownMs = nowMs
    const filled = Math.round(Math.min(1, done) * width)
    const text = progress === null ? '' :
      `[${'█'.repeat(filled)}${'·'.repeat(width - filled)}] ${progress.rows} rows, `
        + `${progress.invoices} invoices, ${progress.refusedRows} refused`
    process.stderr.write(`\r\u001b[K${text}`)
  }
}

const reasons: Record<ImportReport['refusals'][number]['reason'], string> = {
  unreadable: 'cannot be read as CSV',
  text: 'contains NUL, broken or far too long text',
  'invoice-missing': 'InvoiceNo is missing or malformed',
  'stock-code-missing': 'StockCode is missing',
  quantity: 'Quantity is no number, or nothing',
  'unit-price': 'UnitPrice is no number',
  'negative-price': 'UnitPrice is negative',
  'invoice-date': 'InvoiceDate is no date (YYYY-MM-DD HH:MM:SS)',
  'stock-write-off': 'a stock write-off, not a sale',
  'negative-quantity': 'a negative quantity outside of a cancellation (C…)',
  'product-unknown': 'StockCode is not in the catalogue',
  'station-refused': 'the till refused the invoice',
}

const amount = (minor: number, digits: number): string =>
  (minor / 10 ** digits).toLocaleString('en', {
    minimumFractionDigits: digits, maximumFractionDigits: digits,
  })

const print = (report: ImportReport, listed: number, seconds: number): void => {
  const money = (minor: number): string =>
    `${report.currency} ${amount(minor, report.minorDigits)}`
  if (report.refusedRows > 0) {
    console.log(`${report.refusedRows} of ${report.rows} rows are refused:`)
    for (const { line, reason, value } of report.refusals.slice(0, listed)) {
      console.log(`  line ${line}: ${reasons[reason]}${value === '' ? '' : ` "${value}"`}`)
    }
    if (report.refusedRows > listed) {
      console.log(`  … and ${report.refusedRows - listed} more (--report ${report.refusedRows})`)
    }
  }
  if (report.invoicesBefore > 0) {
    console.log(`${report.invoicesBefore} invoices had been imported before: skipped.`)
  }
  const rate = Math.round(report.rows / seconds)
  console.log(`${report.invoices} invoices with ${report.lines} lines imported in `
    + `${seconds.toFixed(1)} s (${rate} rows a second).`)
  console.log(`  in the file          ${money(report.fileMinor)}`)
  console.log(`  refused              ${money(report.refusedMinor)}`)
  if (report.invoicesBefore > 0) console.log(`  imported before      ${money(report.beforeMinor)}`)
  console.log(`  imported             ${money(report.importedMinor)}`)
  console.log(report.agrees
    ? 'The totals agree to the cent.'
    : 'THE TOTALS DO NOT AGREE: compare the refused rows, and report this.')
}
