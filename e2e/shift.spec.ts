// A shift from the float to the Z report: every figure to the cent, and the close is blind.
import { expect, test } from './fixtures.ts'
import { chocolate, milk, operators, rice, water } from './goods.ts'
import { centsOf, linesOf, type Till } from './till.ts'

/** Rows of a report on screen, in cents or as counts, by their label. */
const rowsOf = async (till: Till, testId: string): Promise<Map<string, string>> => {
  const rows = await till.get(testId).locator('dl > div, dl').evaluateAll((boxes) =>
    boxes.flatMap((box) => {
      const [label, value] = [box.querySelector(':scope > dt'), box.querySelector(':scope > dd')]
      return label && value ? [[label.textContent.trim(), value.textContent.trim()]] : []
    }))
  return new Map(rows.map(([label = '', value = '']) => [label, value]))
}
const centsIn = (rows: Map<string, string>, label: string): number => {
  const key = [...rows.keys()].find((one) => one.startsWith(label))
  return centsOf(rows.get(key ?? '') ?? `no row ${label} in ${[...rows.keys()].join(', ')}`)
}

const closeShift = async (till: Till, countedYuan: string): Promise<void> => {
  await till.tap('close-shift')
  await till.tap('count-mode-amount')
  await till.get('count-amount').fill(countedYuan)
  await till.tap('close-confirm')
  await till.tap('close-sure')
  await expect(till.get('report-z')).toBeVisible()
}

test('a shift to the cent: X, blind close, Z, one yuan short', async ({ till, store }) => {
  await store.terminal({ mode: 'approve', delayMs: 100, plugged: true })
  await till.signIn(operators.manager)
  await till.room('cash')
  await expect(till.get('open-shift').or(till.get('shift-open'))).toBeVisible()
  if (await till.get('shift-open').isVisible()) {
    await closeShift(till, '500')
    await till.tap('new-shift')
  }
  // 2 × 100 + 5 × 10 + 3 × 0.50, by pieces.
  await till.tap('count-mode-pieces')
  await till.get('count-10000').fill('2')
  await till.get('count-1000').fill('5')
  await till.get('count-50').fill('3')
  await till.seeCents('count-sum', 25_150)
  await till.tap('open-shift-confirm')
  await expect(till.get('shift-open')).toBeVisible()
  await till.room('sell')

  await till.scan(milk)
  await till.payCash('20')
  const first = await till.receiptNumber()
  await till.nextCustomer()
  await till.scan(rice)
  await till.tap('primary')
  await till.press('F4')
  await till.nextCustomer()
  await till.scan(chocolate)
  await till.press('F4')
  await till.typeKeys('10')
  await till.tap('reason-near-expiry')
  await till.tap('discount-apply')
  await till.seeCents('total', 1152)
  await till.payExact()
  await till.nextCustomer()
  await till.press('F9')
  await store.scan(water.barcode)
  await till.seeLine(water.zh, '1', -water.cents)
  await till.tap('primary')
  await expect(till.get('primary')).toHaveAttribute('data-means', 'give-back')
  await expect(till.get('primary')).not.toHaveAttribute('aria-disabled', 'true')
  await till.tap('primary')
  await till.nextCustomer()
  await till.scan(milk)
  await till.payExact()
  const last = await till.receiptNumber()
  await till.nextCustomer()
  await till.room('sales')
  await till.get('sale-row').first().click()
  await till.tap('post-void')
  await till.tap('reason-wrong-item')
  await till.tap('post-void-confirm')
  await expect(till.get('notice')).toContainText(last)

  const cash = milk.cents + 1152 - water.cents
  const expected = 25_150 + cash
  const total = cash + rice.cents
  await till.room('cash')
  await till.tap('report-x-show')
  await expect(till.get('report-x')).toBeVisible()
  const x = await rowsOf(till, 'report-x')
  expect(centsIn(x, '备用金')).toBe(25_150)
  expect(centsIn(x, '应有现金')).toBe(expected)
  expect(centsIn(x, '现金')).toBe(cash)
  expect(centsIn(x, '刷卡')).toBe(rice.cents)
  expect(centsIn(x, '折扣')).toBe(128)

  // Blind: nothing on the counting page says what is expected.
  await till.tap('close-shift')
  await expect(till.get('blind-close')).toBeVisible()
  await expect(till.get('report-x')).toBeHidden()
  await expect(till.get('room-cash')).not.toContainText((expected / 100).toFixed(2))
  await till.press('Escape')
  await closeShift(till, ((expected - 100) / 100).toFixed(2))
  await expect(till.get('over-short')).toContainText('1.00')
  await expect(till.get('over-short')).toHaveAttribute('data-tone', 'look')
  const z = await rowsOf(till, 'report-z')
  expect(centsIn(z, '现金')).toBe(cash)
  expect(centsIn(z, '刷卡')).toBe(rice.cents)

  const paper = await till.paper(first, 'Z 报表')
  const text = linesOf(paper)
  expect(text).toMatch(new RegExp(`销售总额\\s+[¥￥]${(total / 100).toFixed(2)}`))
  expect(text).toMatch(/短款\s+-?[¥￥]1\.00/)
  expect(text).toMatch(new RegExp(`应有现金\\s+${(expected / 100).toFixed(2)}`))
  expect(text).toMatch(/作废笔数\s+1/)
  expect(text).toMatch(/含退货笔数\s+1/)
  expect(text).toContain(first)
  expect(paper.drawerPulses).toBeLessThanOrEqual(1)
})

test('no shift, no sale; drawer and close with a manager', async ({ till, store }) => {
  await till.signIn(operators.cashier)
  await expect(till.get('open-shift')).toBeVisible()
  await store.scan(milk.barcode)
  await expect(till.get('notice')).toBeVisible()
  await expect(till.get('basket-line')).toHaveCount(0)
  await till.press('Escape')
  await till.openShift('300')
  await till.room('cash')
  await till.press('o')
  await till.tap('reason-change-money')
  await till.tap('no-sale-confirm')
  await till.approve(operators.manager)
  await expect(till.get('approval-sheet')).toBeHidden()
  await expect.poll(async () => (await store.printerState()).drawerOpen).toBe(true)
  await store.printer({ drawerOpen: false })
  await till.tap('close-shift')
  await till.tap('count-mode-amount')
  await till.get('count-amount').fill('300')
  await till.tap('close-confirm')
  await till.tap('close-sure')
  await till.approve(operators.manager)
  await expect(till.get('report-z')).toBeVisible()
  await expect(till.get('over-short')).toHaveAttribute('data-tone', 'done')
})
