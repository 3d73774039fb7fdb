// Taking money: cards that are approved, declined or silent, splits, and a customer who walks away.
import { expect, test } from './fixtures.ts'
import { chocolate, milk, rice, water } from './goods.ts'
import { linesOf, type Till } from './till.ts'

const chargedNow = async (till: Till): Promise<number> => (await till.store.terminalState()).charges

const toPayment = async (till: Till): Promise<void> => {
  await till.tap('primary')
  await expect(till.get('tender-panel')).toBeVisible()
}

test.beforeEach(async ({ store }) => {
  await store.terminal({ mode: 'approve', delayMs: 100, plugged: true })
})

test('a card pays the whole: one charge, no drawer, a masked number', async ({ till }) => {
  await till.start()
  const before = await chargedNow(till)
  await till.scan(rice)
  await toPayment(till)
  await till.press('F4')
  const number = await till.receiptNumber()
  expect(await chargedNow(till)).toBe(before + 1)
  const paper = await till.paper(number)
  expect(linesOf(paper)).toMatch(/银行卡\s+75\.90/)
  expect(linesOf(paper)).toContain('622588******1234')
  expect(paper.drawerPulses).toBe(0)
  await till.nextCustomer()
})

test('a declined card changes nothing; cash and card split the total', async ({ till, store }) => {
  await till.start()
  const before = await chargedNow(till)
  await till.scan(milk)
  await till.scan(chocolate)
  await store.terminal({ mode: 'decline' })
  await toPayment(till)
  await till.tap('tender-card')
  await expect(till.get('notice')).toBeVisible()
  await till.seeCents('due', milk.cents + chocolate.cents)
  await till.tap('notice-dismiss')

  await till.typeKeys('20')
  await till.press('Enter')
  await expect(till.get('taken-tender')).toHaveCount(1)
  await till.seeCents('due', milk.cents + chocolate.cents - 2000)
  await store.terminal({ mode: 'approve' })
  await till.tap('tender-card')
  const number = await till.receiptNumber()
  const text = linesOf(await till.paper(number))
  expect(text).toMatch(/现金\s+20\.00/)
  expect(text).toMatch(/银行卡\s+5\.70/)
  expect(await chargedNow(till)).toBe(before + 1)
  await till.nextCustomer()
})

test('a silent terminal: unknown, asked again, charged once', async ({ till, store }) => {
  await till.start()
  const before = await chargedNow(till)
  await till.scan(rice)
  await store.terminal({ mode: 'manual' })
  await toPayment(till)
  await till.tap('tender-card')
  await expect(till.get('payment-requested')).toBeVisible()
  await expect.poll(async () => (await store.terminalState()).payments[0]?.state)
    .toBe('in-progress')
  await store.terminal({ plugged: false })
  await expect(till.get('payment-unknown')).toBeVisible({ timeout: 20_000 })

  // The basket may not change while nobody knows whether it was paid.
  await store.scan(water.barcode)
  await expect(till.line(water.zh)).toHaveCount(0)
  await store.terminalDecide(true)
  await store.terminal({ plugged: true })
  // Asked by the till on its own or by hand, whichever comes first.
  await expect(async () => {
    if (await till.get('ask-again').isEnabled({ timeout: 500 }).catch(() => false)) {
      await till.get('ask-again').click({ timeout: 1000 }).catch(() => undefined)
    }
    await expect(till.get('done-panel')).toBeVisible({ timeout: 2000 })
  }).toPass({ timeout: 20_000 })
  expect(await chargedNow(till)).toBe(before + 1)
  expect(linesOf(await till.paper(await till.receiptNumber()))).toMatch(/银行卡\s+75\.90/)
  await till.nextCustomer()
})

test('a lost answer is found out by itself: charged once, sold once', async ({ till, store }) => {
  await till.start()
  const before = await chargedNow(till)
  await till.scan(chocolate)
  await store.terminal({ mode: 'lose-answer' })
  await toPayment(till)
  await till.tap('tender-card')
  await expect(till.get('done-panel')).toBeVisible({ timeout: 20_000 })
  expect(await chargedNow(till)).toBe(before + 1)
  await till.nextCustomer()
})

test('a customer walks away in mid-split: all is given back', async ({ till, store }) => {
  await till.start()
  const before = await chargedNow(till)
  await till.scan(rice)
  await toPayment(till)
  await till.typeKeys('10')
  await till.press('Enter')
  await till.seeCents('due', rice.cents - 1000)
  await till.typeKeys('20')
  await expect(till.get('tendered')).toHaveText('20')
  await till.press('F4')
  await till.seeCents('due', rice.cents - 3000)
  await expect(till.get('taken-tender')).toHaveCount(2)
  expect(await chargedNow(till)).toBe(before + 1)

  await till.press('F9')
  await expect(till.get('taken-tender')).toHaveCount(0)
  await expect(till.get('notice')).toContainText('10.00')
  await expect(till.get('notice')).toContainText('20.00')
  await expect.poll(() => chargedNow(till)).toBe(before)
  expect((await store.terminalState()).payments[0])
    .toMatchObject({ state: 'reversed', amountMinor: 2000 })
  const slip = await till.paper('收款撤销')
  expect(linesOf(slip)).toMatch(/现金退款\s+10\.00/)
  expect(linesOf(slip)).toMatch(/银行卡退款\s+20\.00/)
  await till.seeLine(rice.zh, '1', rice.cents)
  await till.tap('back')
  await till.tap('back').catch(() => undefined)
  await till.tap('action-void')
  await till.tap('void-confirm')
  await expect(till.get('basket-empty')).toBeVisible()
})
