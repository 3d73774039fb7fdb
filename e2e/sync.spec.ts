// With central and without it: prices and stock arrive while selling, sales leave when they can,
// and each arrives once.
import { expect, test } from './fixtures.ts'
import { cola, milk, oil, operators, rice, water } from './goods.ts'
import type { Till } from './till.ts'

type StationAtCentral = {
  stationId: string; ackedSeq: number; headSeq: number; quarantined: number
}
type Day = {
  sales: number; voids: number; totalMinor: number; cashMinor: number; cardMinor: number
}
type Found = { id: string; code: string; unitPriceMicro: number | null; onHandMilli: number | null }

const stationAt = async ({ store }: Till): Promise<StationAtCentral> => {
  const stations = await store.admin<StationAtCentral[]>('GET', '/admin/v1/stations')
  const mine = stations.find((one) => one.stationId === store.stationId)
  if (!mine) throw new Error('central does not know this till')
  return mine
}
const figuresAt = async ({ store }: Till): Promise<Day> => {
  const days = await store.admin<Day[]>('GET', `/admin/v1/figures?storeId=${store.storeId}`)
  const sum = (of: (day: Day) => number): number => days.reduce((all, day) => all + of(day), 0)
  return {
    sales: sum((day) => day.sales), voids: sum((day) => day.voids),
    totalMinor: sum((day) => day.totalMinor), cashMinor: sum((day) => day.cashMinor),
    cardMinor: sum((day) => day.cardMinor),
  }
}
const productAt = async ({ store }: Till, code: string): Promise<Found> => {
  const query = `storeId=${store.storeId}&text=${code}&limit=5`
  const found = await store.admin<Found[]>('GET', `/admin/v1/products?${query}`)
  const product = found.find((one) => one.code === code)
  if (!product) throw new Error(`central has no ${code}`)
  return product
}
const allSent = (till: Till): Promise<void> => expect.poll(async () => {
  const { ackedSeq, headSeq, quarantined } = await stationAt(till)
  return quarantined === 0 && ackedSeq === headSeq
}).toBe(true)

test('central away: selling goes on; back: each entry once', async ({ till, store }) => {
  test.setTimeout(120_000)
  await store.terminal({ mode: 'approve', delayMs: 100, plugged: true })
  await till.start()
  await expect(till.get('lamp-network')).toHaveAttribute('data-state', 'online')
  await allSent(till)
  const before = { figures: await figuresAt(till), station: await stationAt(till) }

  await store.stopCentral()
  await till.seeNetwork('offline')
  await expect(till.get('entry')).toHaveAttribute('data-offline', 'true')
  await till.scan(milk)
  await till.payCash('20')
  await till.paper(await till.receiptNumber())
  await till.nextCustomer()
  await till.get('search').fill('bskl')
  await till.get('search-result').first().click()
  await till.seeLine(cola.zh, '1', cola.cents)
  await till.tap('primary')
  await till.press('F4')
  await till.nextCustomer()
  await till.scan(rice)
  await till.press('F7')
  await till.tap('hold-confirm')
  await expect(till.get('basket-empty')).toBeVisible()
  await till.press('F8')
  await till.get('held-basket').first().click()
  await till.tap('primary')
  await till.typeKeys('50')
  await till.press('Enter')
  await till.seeCents('due', rice.cents - 5000)
  await till.press('F4')
  await till.nextCustomer()
  await till.scan(water)
  await till.payExact()
  await till.nextCustomer()
  await till.room('sales')
  await till.get('sale-row').first().click()
  await till.tap('post-void')
  await till.tap('reason-customer-left')
  await till.tap('post-void-confirm')
  await till.approve(operators.manager)
  await expect(till.get('notice')).toBeVisible()
  const waiting = Number(/\d+/.exec(await till.get('lamp-network').innerText())?.[0])
  expect(waiting).toBeGreaterThanOrEqual(5)
  await till.room('status')
  await expect(till.get('unsent')).toContainText(String(waiting))

  await store.startCentral()
  await till.seeNetwork('online')
  await expect(till.get('lamp-network')).not.toContainText(/\d/, { timeout: 20_000 })
  await allSent(till)
  const after = { figures: await figuresAt(till), station: await stationAt(till) }
  expect(after.station.ackedSeq).toBeGreaterThanOrEqual(before.station.ackedSeq + waiting)
  expect(after.figures.sales - before.figures.sales).toBe(4)
  expect(after.figures.voids - before.figures.voids).toBe(1)
  expect(after.figures.totalMinor - before.figures.totalMinor)
    .toBe(milk.cents + cola.cents + rice.cents)
  expect(after.figures.cashMinor - before.figures.cashMinor).toBe(milk.cents + 5000)
  expect(after.figures.cardMinor - before.figures.cardMinor)
    .toBe(cola.cents + rice.cents - 5000)
})

test('a price of central is on screen at once; the basket keeps its own', async ({
  till, store,
}, info) => {
  await till.start()
  const product = await productAt(till, oil.code)
  await till.scan(oil)
  await till.get('search').fill(oil.code)
  await expect(till.get('search-result').first()).toContainText('129.90')
  const times: number[] = []
  for (const cents of [12_500, 11_980, 12_990]) {
    const sinceMs = performance.now()
    await store.admin('POST', '/admin/v1/prices', {
      storeId: store.storeId, productId: product.id, unitPriceMicro: cents * 10_000,
    })
    await till.page.waitForFunction((text) =>
      document.querySelector('[data-testid=search-result]')?.textContent?.includes(text),
    (cents / 100).toFixed(2), { polling: 'raf', timeout: 3000 })
    times.push(Math.round(performance.now() - sinceMs))
  }
  info.annotations.push({ type: 'price on screen after (ms)', description: times.join(', ') })
  console.log(`price changed at central → painted at the till: ${times.join(', ')} ms`)
  await till.seeLine(oil.zh, '1', oil.cents)
  await till.press('Escape')
  await till.tap('action-void')
  await till.tap('void-confirm')
})

test('the stock figure counts own sales at once, sent or not', async ({ till, store }) => {
  test.setTimeout(90_000)
  await till.start()
  const product = await productAt(till, water.code)
  await store.admin('POST', '/admin/v1/stock', {
    storeId: store.storeId, productId: product.id, onHandMilli: 50_000,
  })
  const seeStock = async (figure: string): Promise<void> => {
    await till.get('search').fill(water.code)
    await expect(till.get('search-result').first())
      .toContainText(new RegExp(`(?<!\\d)${figure} 件`))
    await till.press('Escape')
    await expect(till.get('quick-keys')).toBeVisible()
  }
  await seeStock('50')
  await store.stopCentral()
  await till.seeNetwork('offline')
  await till.typeKeys('3')
  await till.press('*')
  await till.scan(water)
  await till.payExact()
  await till.nextCustomer()
  await seeStock('47')
  await store.startCentral()
  await till.seeNetwork('online')
  await allSent(till)
  await expect.poll(async () => (await productAt(till, water.code)).onHandMilli).toBe(47_000)
  await seeStock('47')
})
