// Central's behaviour, the same on embedded PGlite and on a real PostgreSQL: intake, feed,
// enrolment, signed requests. On Linux x64 both always run.
import assert from 'node:assert/strict'
import { sign } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { paths } from '#contract/sync-protocol.ts'
import { admin, startTestCentral, until } from '#testing/central/memory-central.ts'
import { postgresAbsent, startPostgres, type TestPostgres } from '#testing/central/postgres.ts'
import { enrolRawStation, type RawStation, rawSale, unlock } from '#testing/central/raw-station.ts'
import type { Central } from './start-central.ts'

type Product = { id: string; code: string; onHandMilli: number }
type Pulled = {
  documents: ({ id: string; _deleted: boolean } & Record<string, unknown>)[]
  checkpoint: { position: string }
  epoch: string
}

const suite = (start: () => Promise<Central>): void => {
  let central: Central
  let product: Product
  before(async () => {
    central = await start()
    product = await find('1040')
  })
  after(() => central.close())

  const find = async (code: string): Promise<Product> => {
    const found = await admin<Product[]>(central, `products?storeId=shanghai&text=${code}`)
    const one = found.find((candidate) => candidate.code === code)
    assert.ok(one)
    return one
  }
  const pull = async (station: RawStation, collection: string, from?: string, limit = 500) => {
    const documents: Pulled['documents'] = []
    for (let position = from; ;) {
      const query = new URLSearchParams({ limit: String(limit), ...(position ? { position } : {}) })
      const reply = await station.request('GET', `/sync/v1/pull/${collection}?${query}`)
      assert.equal(reply.status, 200, JSON.stringify(reply.json))
      const page = reply.json as unknown as Pulled
      documents.push(...page.documents)
      position = page.checkpoint.position
      if (page.documents.length < limit) return { documents, position }
    }
  }
  const status = async (station: RawStation): Promise<string | undefined> =>
    (await admin<{ stationId: string; status: string }[]>(central, 'stations'))
      .find((one) => one.stationId === station.stationId)?.status

  test('a batch sent twice, in parts and overlapping has its effects once', async () => {
    const station = await enrolRawStation(central)
    const entries = station.chain([1, 2, 3, 4].map((n) => rawSale(`S-A-${n}`, product.id, 1)))
    const stockBefore = (await find('1040')).onHandMilli
    for (const part of [entries.slice(0, 2), entries.slice(0, 2), entries.slice(1), entries, entries]) {
      assert.equal((await station.send(part)).status, 200)
    }
    const parallel = await Promise.all([1, 2, 3].map(() => station.send(entries)))
    assert.deepEqual(parallel.map((reply) => reply.json['ackedSeq']), [4, 4, 4])
    assert.equal((await find('1040')).onHandMilli, stockBefore - 4000)
    const { documents } = await pull(station, 'stock')
    const stock = documents.find((document) => document['productId'] === product.id)
    const includedSeq = stock?.['includedSeq'] as Record<string, number> | undefined
    assert.equal(includedSeq?.[station.stationId], 4)
  })

  test('a void brings back what its sale took, whichever way its lines are written', async () => {
    const station = await enrolRawStation(central)
    const stockBefore = (await find('1040')).onHandMilli
    const mirrored = {
      direction: 'sale', productId: product.id, departmentId: null, quantityMilli: 2000,
      unitPriceMicro: 1_000_000, priced: { taxMinor: 0, totalMinor: -200 },
    }
    const voided = rawSale('S-V-V1', product.id, 2, {
      kind: 'sale.voided', lines: [mirrored],
      totals: { itemCount: 2, netMinor: -200, taxMinor: 0, totalMinor: -200 },
    })
    const reply = await station.send(station.chain([
      rawSale('S-V-1', product.id, 2), { ...voided, kind: 'sale.voided' },
    ]))
    assert.deepEqual(reply.json['quarantinedSeqs'], [])
    assert.equal((await find('1040')).onHandMilli, stockBefore)
  })

  test('a poisoned entry is quarantined, the rest moves on, and it can be tried again', async () => {
    const station = await enrolRawStation(central)
    const entries = station.chain([
      unlock(),
      { kind: 'sale.completed', payload: Buffer.from([0xff, 0x00, 0x7b]) },
      { kind: 'sale.completed', payload: { kind: 'sale.completed', lines: 'none' } },
      { kind: 'operator.signed-in', payload: { kind: 'operator.signed-in', operatorId: 'a\0b' } },
      { kind: 'new.kind', payload: { kind: 'new.kind' } },
      { kind: 'shift.opened', payload: { kind: 'sale.completed' } },
      unlock(),
    ])
    const reply = await station.send(entries)
    assert.deepEqual([reply.status, reply.json['ackedSeq']], [200, 7])
    assert.deepEqual(reply.json['quarantinedSeqs'], [2, 3, 4, 5, 6])
    const quarantine = await admin<{ stationId: string; seq: number; reason: string }[]>(
      central, 'quarantine'
    )
    const reasons = quarantine.filter(
      (one) => one.stationId === station.stationId
    ).map((one) => one.reason)
    assert.deepEqual(reasons.map((reason) => reason.split(' ')[0]), [
      'payload-not-json', 'payload-schema', 'payload-ill-formed-text', 'kind-unknown', 'payload-kind-differs',
    ])
    const retried = await admin<{ resolved: boolean }>(central, 'quarantine/retry',
      { storeId: 'shanghai', stationId: station.stationId, seq: 2 })
    assert.equal(retried.resolved, false, 'it is as poisoned as before')
  })

  test('a forged signature, a changed payload and a broken chain stop the station', async () => {
    const forge = await enrolRawStation(central)
    const [entry] = forge.chain([unlock()])
    assert.ok(entry)
    const forged = {
      ...entry, signature: sign(null, Buffer.from('other'), forge.privateKey).toString('base64'),
    }
    assert.equal((await forge.send([forged])).json['code'], 'chain-broken')
    assert.equal(await status(forge), 'stopped')
    assert.equal(
      (await forge.send([entry])).status, 409, 'stopped: even the right entry is refused'
    )
    await admin(central, `stations/${forge.stationId}/resume`, {})
    assert.equal((await forge.send([entry])).status, 200)

    const change = await enrolRawStation(central)
    const [original] = change.chain([unlock()])
    assert.ok(original)
    const changed = {
      ...original, payload: Buffer.from('{"kind":"operator.signed-in"}').toString('base64'),
    }
    assert.equal((await change.send([changed])).json['code'], 'chain-broken')

    const broken = await enrolRawStation(central)
    const [, second] = broken.chain([unlock(), unlock()])
    const [otherFirst] = broken.chain([unlock()])
    assert.ok(second && otherFirst)
    assert.equal((await broken.send([otherFirst, second])).json['code'], 'chain-broken')
    assert.equal(await status(broken), 'stopped')
  })

  test('a fork is refused, a gap and an old epoch ask for a handshake', async () => {
    const station = await enrolRawStation(central)
    const entries = station.chain([unlock(), unlock(), unlock()])
    assert.equal((await station.send(entries.slice(1))).json['code'], 'gap')
    assert.equal((await station.send(entries, '0-other')).json['code'], 'epoch')
    assert.equal(await status(station), 'active')
    assert.equal((await station.send(entries.slice(0, 2))).status, 200)
    const lost = await station.handshake({ seq: 1, hash: entries[0]?.hash ?? '' })
    assert.equal(lost.json['code'], 'chain-forked', 'the tail of the journal is gone')
    assert.equal(await status(station), 'active', 'a late handshake stops nothing for good')
    const fork = station.chain([unlock()], { seq: 1, hash: entries[0]?.hash ?? '' })
    assert.equal((await station.send(fork)).json['code'], 'chain-forked')
    assert.equal(await status(station), 'stopped')
    const cases = await admin<{ kind: string; subject: string }[]>(central, 'cases')
    assert.ok(
      cases.some((one) => one.kind === 'station-stopped' && one.subject === station.stationId)
    )
  })

  test('requests: unsigned, replayed, of another clock, revoked, malformed are refused', async () => {
    const station = await enrolRawStation(central)
    const path = '/sync/v1/pull/price?limit=1'
    const headers = station.signer.headers({ method: 'GET', pathAndQuery: path })
    const get = (own: Record<string, string>) => fetch(central.url + path, { headers: own })
    assert.equal((await get({})).status, 401)
    assert.equal((await get(headers)).status, 200)
    assert.equal((await (await get(headers)).json() as { code: string }).code, 'replayed')
    const other = station.signer.headers(
      { method: 'GET', pathAndQuery: '/sync/v1/pull/stock?limit=1' }
    )
    assert.equal((await (await get(other)).json() as { code: string }).code, 'signature')
    assert.equal((
      await station.request('POST', paths.entries, { epoch: 'x', entries: [] })
    ).json['code'], 'invalid-body')
    assert.equal((await station.request('GET', '/sync/v1/pull/nothing')).json['code'], 'not-found')
    assert.equal((
      await station.request('GET', '/sync/v1/pull/price?position=1e9')
    ).json['code'], 'invalid-body')
    const long = await station.request('POST', paths.entries, { pad: 'x'.repeat(5 * 1024 * 1024) })
    assert.equal(long.json['code'], 'body-too-large')
    await admin(central, `stations/${station.stationId}/revoke`, {})
    assert.equal((await station.handshake()).json['code'], 'station-revoked')
  })

  test('an enrolment code works once, and again only for the same key', async () => {
    const { code } = await admin<{ code: string }>(
      central, 'enrolment-codes', { storeId: 'london' }
    )
    const enrol = async (publicKey: string, typed = code) => {
      const reply = await fetch(central.url + paths.enrol, {
        method: 'POST', headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ protocolVersion: 1, code: typed, publicKey }),
      })
      return { status: reply.status, json: await reply.json() as Record<string, unknown> }
    }
    const key = Buffer.alloc(32, 1).toString('base64')
    const first = await enrol(key, code.toLowerCase().replace('-', ' '))
    assert.equal(first.status, 200)
    assert.deepEqual((await enrol(key)).json, first.json, 'a lost answer is given again')
    assert.equal(
      (await enrol(Buffer.alloc(32, 2).toString('base64'))).json['code'], 'enrolment-code'
    )
    assert.equal((await enrol(key, '00000-00000')).json['code'], 'enrolment-code')
  })

  test('pull: pages without gap or double, only what changed later, gzip, idle checks', async () => {
    const station = await enrolRawStation(central)
    const all = await pull(station, 'product', undefined, 37)
    assert.equal(new Set(all.documents.map((document) => document.id)).size, all.documents.length)
    assert.equal(all.documents.length, 141)
    const prices = await pull(station, 'price')
    await admin(
      central, 'prices', { storeId: 'shanghai', productId: product.id, unitPriceMicro: 4_400_000 }
    )
    const changed = await pull(station, 'price', prices.position)
    assert.deepEqual(changed.documents.map((document) => document['unitPriceMicro']), [4_400_000])
    const path = `/sync/v1/pull/price?position=${changed.position}`
    const idle = await station.request('GET', path)
    assert.deepEqual(idle.json['documents'], [])
    const etag = idle.headers.get('etag') ?? ''
    const unchanged = await station.request('GET', path, undefined, { 'if-none-match': etag })
    assert.deepEqual([unchanged.status, unchanged.bytes], [304, 0])
    const behind = await station.request(
      'GET', `/sync/v1/pull/price?position=${prices.position}`, undefined, { 'if-none-match': etag }
    )
    assert.equal(behind.status, 200, 'who is behind gets the page, whatever tag it sends')
    const zipped = await station.request(
      'GET', '/sync/v1/pull/product?limit=5000', undefined, { 'accept-encoding': 'gzip' }
    )
    assert.equal(zipped.headers.get('content-encoding'), 'gzip')
    const future = await station.request('GET', '/sync/v1/pull/price?position=999999999999')
    assert.equal(future.json['code'], 'epoch', 'a position that was never given')
  })

  test('a store sees its own documents only', async () => {
    const station = await enrolRawStation(central, 'portland')
    const { documents } = await pull(station, 'reference')
    const stores = documents.filter(
      (document) => document['type'] === 'store'
    ).map((document) => document.id)
    assert.deepEqual(stores, ['store:portland'])
    assert.equal((await pull(station, 'product')).documents.length, 23)
  })

  test('a price change reaches an open stream in less than 200 ms', async () => {
    const station = await enrolRawStation(central)
    const aborting = new AbortController()
    const stream = await fetch(central.url + paths.stream, {
      headers: station.signer.headers({ method: 'GET', pathAndQuery: paths.stream }),
      signal: aborting.signal,
    })
    const heard: { atMs: number; text: string }[] = []
    const reading = (async () => {
      for await (const bytes of stream.body ?? []) {
        heard.push({ atMs: performance.now(), text: Buffer.from(bytes).toString('utf8') })
      }
    })().catch(() => {})
    await until('connected', () => heard.length > 0)
    const delays: number[] = []
    for (let change = 1; change <= 20; change += 1) {
      const before = heard.length
      const startedMs = performance.now()
      await admin(central, 'prices', {
        storeId: 'shanghai', productId: product.id, unitPriceMicro: change * 1_000_000,
      })
      await until('resync heard', () => heard.length > before)
      delays.push((heard[before]?.atMs ?? 0) - startedMs)
      assert.match(
        heard[before]?.text ?? '', /^event: resync\ndata: \{"collections":\["price"\]\}\n\n/
      )
    }
    delays.sort((a, b) => a - b)
    console.log(`price change → stream: median ${delays[10]?.toFixed(1)} ms, worst ${delays.at(-1)?.toFixed(1)} ms`)
    assert.ok((delays[17] ?? Infinity) < 200, 'nine of ten in less than 200 ms')
    aborting.abort()
    await reading
  })
  test('the health check answers and admin calls need the token', async () => {
    const health =
      await (await fetch(`${central.url}/health`)).json() as { ok: boolean; stores: number }
    assert.deepEqual([health.ok, health.stores], [true, 3])
    assert.equal((await fetch(`${central.url}/admin/v1/stations`)).status, 401)
    const wrong = await fetch(
      `${central.url}/admin/v1/stations`, { headers: { authorization: `Bearer ${'x'.repeat(40)}` } }
    )
    assert.equal(wrong.status, 401)
  })
}

describe('on PGlite', () => suite(() => startTestCentral()))

describe('on PostgreSQL', { skip: postgresAbsent() ?? false }, () => {
  let server: TestPostgres
  before(async () => {
    server = await startPostgres()
  })
  after(() => server.close())
  describe('central', () => suite(
    async () => startTestCentral({ databaseUrl: await server.createDatabase() })
  ))
})
