// `onecounter central …`: start central, bring its database forward, and the small administrative
// acts, over the admin API of a running one.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import pino from 'pino'
import type { StoreTakenIn } from '#central/stores/add-store.ts'
import { OperatingError } from '#contract/faults.ts'
import { parseUnitPriceMicro, unitPriceString } from '#domain/money.ts'
import { parseQuantityMilli } from '#domain/quantity.ts'
import { adminCall, type CentralTarget } from './central-client.ts'

const defaultPort = 7400

export const register = (program: Command): void => {
  const central = program.command('central').description(
    'the service behind all tills: start and administer it'
  )
  registerStart(central)
  registerMigrate(central)
  registerAdministration(central)
}

const wholeNumber = (least: number, most: number) => (text: string): number => {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= least && value <= most) return value
  throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}`)
}

type StartOptions = {
  port: number; host: string; data: string; databaseUrl?: string; seed: 'demo' | 'none'
  products?: number; logLevel: string; adminToken?: string
}

const registerStart = (central: Command): void => {
  central.command('start')
    .description('start central; prints one line of JSON when it is ready')
    .option(
      '--port <number>', 'port to listen on (0: any free one)', wholeNumber(0, 65_535), defaultPort
    )
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--data <directory>', 'where the embedded database lives', join('.data', 'central'))
    .addOption(new Option('--database-url <url>', 'a PostgreSQL server (15 or newer) instead')
      .env('ONECOUNTER_DATABASE_URL'))
    .addOption(
      new Option('--seed <what>', 'fill an empty central').choices(['demo', 'none']).default('none')
    )
    .option(
      '--products <number>', 'further products in the first demo store, when it is filled', wholeNumber(0, 1_000_000)
    )
    .addOption(new Option('--admin-token <token>', 'admin token to accept, besides those known')
      .env('ONECOUNTER_ADMIN_TOKEN'))
    .option('--log-level <level>', 'debug, info, warn or error', 'info')
    .action((options: StartOptions) => start(options))
}

const start = async (options: StartOptions): Promise<void> => {
  if (options.adminToken !== undefined && !/^[\w-]{16,128}$/.test(options.adminToken)) {
    throw new OperatingError('config-invalid', {
      key: 'admin-token', got: 'another text', expected: '16 to 128 letters, digits, - or _',
    })
  }
  const { startCentral } = await import('#central/start-central.ts')
  const { systemClock, systemIds } = await import('#central/system-ports.ts')
  const logger = pino({ level: options.logLevel, base: { part: 'central' } }, pino.destination(2))
  const started = await startCentral({
    dataDirectory: resolve(options.data), databaseUrl: options.databaseUrl, host: options.host,
    port: options.port, seed: options.seed, products: options.products,
    adminToken: options.adminToken, logger, clock: systemClock, ids: systemIds, version: version(),
  })
  let stopping = false
  const stop = (): void => {
    if (stopping) return
    stopping = true
    started.close().then(() => process.exit(0), (error: unknown) => {
      logger.fatal({ error }, 'central did not close cleanly')
      process.exit(1)
    })
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  stopWithParent(stop)
  process.stdout.write(
    `${JSON.stringify({ ready: true, url: started.url, adminToken: started.adminToken })}\n`
  )
}

const parentCheckMs = 1000

/** Started by another OneCounter process: does not outlive it, even when that was killed. */
const stopWithParent = (stop: () => void): void => {
  const parent = Number(process.env['ONECOUNTER_PARENT_PID'])
  if (!Number.isInteger(parent) || parent <= 1) return
  setInterval(() => {
    try {
      process.kill(parent, 0)
    } catch {
      stop()
    }
  }, parentCheckMs).unref()
}

const version = (): string => (JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }).version

const registerMigrate = (central: Command): void => {
  central.command('migrate')
    .description('bring a PostgreSQL database forward to this version, and nothing else')
    .addOption(new Option('--database-url <url>', 'the PostgreSQL server (15 or newer)')
      .env('ONECOUNTER_DATABASE_URL').makeOptionMandatory())
    .action(async ({ databaseUrl }: { databaseUrl: string }) => {
      const { openPostgres } = await import('#central/database/postgres.ts')
      const { migrate } = await import('#central/database/migration-store.ts')
      const db = await openPostgres(databaseUrl, pino({ level: 'warn' }, pino.destination(2)))
      try {
        const applied = await migrate(db, Date.now())
        console.log(
          applied.length > 0 ? `Applied: ${applied.join(', ')}` : 'Nothing to do: up to date.'
        )
      } finally {
        await db.close()
      }
    })
}

/** Options that every command on a running central has. */
export const withTarget = (command: Command): Command =>
  command
    .addOption(new Option('--central <url>', 'address of central')
      .env('ONECOUNTER_CENTRAL').default(`http://127.0.0.1:${defaultPort}`))
    .addOption(new Option('--admin-token <token>', 'admin token that central printed at its start')
      .env('ONECOUNTER_ADMIN_TOKEN').makeOptionMandatory())

type Found = { id: string; code: string; barcodes: string[] }

/** The product that someone names by id, code or barcode. */
const productId =
  async (target: CentralTarget, storeId: string, named: string): Promise<string> => {
  const query = new URLSearchParams({ storeId, text: named, limit: '50' })
  const found = await adminCall<Found[]>(target, `products?${query}`)
  const exact = found.filter((product) =>
    product.id === named || product.code === named || product.barcodes.includes(named))
  const [only] = exact
  if (only && exact.length === 1) return only.id
  throw new OperatingError('central-refused', {
    reason: exact.length === 0 ? `no product "${named}" in store ${storeId}` : `"${named}" names several products`,
  })
}

const decimal =
  (what: string, parsed: { ok: true; value: number } | { ok: false }, got: string): number => {
  if (parsed.ok && parsed.value >= 0) return parsed.value
  throw new OperatingError('config-invalid', { key: what, got, expected: '0 or more, such as 12.50' })
}

/** Checked here already, so that a wrong key is named before anything is sent. */
const readStoreFile = async (file: string): Promise<unknown> => {
  let text
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).message
    throw new OperatingError('file-unreadable', { path: file, reason }, error)
  }
  let value: unknown
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    // The parser's own words would repeat a part of the file, which holds PINs.
    throw new OperatingError('config-invalid', {
      file, key: '(the whole file)', got: 'not JSON', expected: 'JSON, see store-file.md',
    })
  }
  const [{ isSecretPath, storeFile }, { complaintOf }] = await Promise.all([
    import('#central/stores/store-file.ts'), import('#contract/complaint.ts'),
  ])
  const parsed = storeFile.safeParse(value)
  if (parsed.success) return value
  throw new OperatingError('config-invalid', {
    file, ...complaintOf(parsed.error, value, isSecretPath),
  })
}

const registerAddStore = (central: Command): void => {
  withTarget(central.command('add-store <file>'))
    .description('add the store that a JSON file describes, or change it (again: what differs)')
    .addHelpText('after', '\nThe file: docs/operators/store-file.md')
    .action(async (file: string, target: CentralTarget) => {
      const store = await readStoreFile(file) as { settings: { storeId: string } }
      const done = await adminCall<StoreTakenIn>(target, 'stores', store)
      const what = done.created ? 'added' : done.published > 0 ? 'changed' : 'as it was'
      console.log(`Store ${store.settings.storeId} is ${what} (${done.published} documents published).`)
    })
}

const registerAdministration = (central: Command): void => {
  registerAddStore(central)
  withTarget(central.command('enrol-code <store>'))
    .description('make a one-time code with which one till enrols (valid for a day)')
    .action(async (storeId: string, target: CentralTarget) => {
      const { code, expiresAtMs } = await adminCall<{ code: string; expiresAtMs: number }>(
        target, 'enrolment-codes', { storeId })
      console.log(`${code}  (until ${new Date(expiresAtMs).toLocaleString()})`)
    })
  withTarget(central.command('set-price <store> <product> <price>'))
    .description('change a price; the product by id, code or barcode')
    .action(async (storeId: string, named: string, price: string, target: CentralTarget) => {
      const unitPriceMicro = decimal('price', parseUnitPriceMicro(price), price)
      await adminCall(target, 'prices', {
        storeId, productId: await productId(target, storeId, named), unitPriceMicro,
      })
      console.log(`Price of ${named} in ${storeId} is now ${unitPriceString(unitPriceMicro, 2)}.`)
    })
  withTarget(central.command('set-stock <store> <product> <quantity>'))
    .description('set the stock on hand; the product by id, code or barcode')
    .action(async (storeId: string, named: string, quantity: string, target: CentralTarget) => {
      const onHandMilli = decimal('quantity', parseQuantityMilli(quantity), quantity)
      await adminCall(target, 'stock', {
        storeId, productId: await productId(target, storeId, named), onHandMilli,
      })
      console.log(`Stock of ${named} in ${storeId} is now ${quantity}.`)
    })
  withTarget(central.command('stats'))
    .description('stations with their lag, and the figures of the last days')
    .action((target: CentralTarget) => printStats(target))
}

type Overview = {
  storeId: string; stationNumber: number; status: string; ackedSeq: number; headSeq: number
  quarantined: number; lastContactAtMs: number | null
}
type Figures = { businessDate: string; sales: number; voids: number; items: number; totalMinor: number }
type StoreLine = { store_id: string; name_en: string; currency: string; minor_digits: number }

const timeOf = (atMs: number | null): string =>
  atMs === null ? 'never' : new Date(atMs).toLocaleString()

const table = (rows: object[], empty: string): void => {
  if (rows.length === 0) console.log(`  ${empty}`)
  else console.table(rows)
}

const printStats = async (target: CentralTarget): Promise<void> => {
  const stores = await adminCall<StoreLine[]>(target, 'stores')
  const stations = await adminCall<Overview[]>(target, 'stations')
  for (const store of stores) {
    console.log(`\n${store.store_id} · ${store.name_en}`)
    const own = stations.filter((station) => station.storeId === store.store_id)
    table(own.map((station) => ({
      till: station.stationNumber, status: station.status, entries: station.ackedSeq,
      waiting: station.headSeq - station.ackedSeq, quarantined: station.quarantined,
      'last contact': timeOf(station.lastContactAtMs),
    })), 'no till is enrolled')
    const query = new URLSearchParams({ storeId: store.store_id })
    const days = await adminCall<Figures[]>(target, `figures?${query}`)
    table(days.slice(0, 7).map((day) => ({
      day: day.businessDate, sales: day.sales, voids: day.voids, items: day.items,
      [store.currency]: (day.totalMinor / 10 ** store.minor_digits).toFixed(store.minor_digits),
    })), 'nothing was sold')
  }
}
