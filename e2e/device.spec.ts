// Devices that fail, and power that goes: the sale stands, the paper follows once, the basket is
// back.
import { expect, test } from './fixtures.ts'
import { chocolate, milk, operators, water } from './goods.ts'
import { linesOf } from './till.ts'

test('no paper, no printer: the sale stands, the receipt follows once', async ({ till, store }) => {
  await till.start()
  await store.printer({ paperOut: true })
  await expect(till.get('lamp-printer')).toHaveAttribute('data-state', 'attention')
  await till.scan(milk)
  await till.payCash('20')
  await till.seeCents('change', 710)
  const first = await till.receiptNumber()
  await expect(till.get('print-state')).not.toHaveAttribute('data-state', 'printed')
  await till.nextCustomer()
  await store.printer({ plugged: false })
  await expect(till.get('lamp-printer')).toHaveAttribute('data-state', 'away')
  await till.scan(water)
  await till.payExact()
  const second = await till.receiptNumber()
  await till.nextCustomer()
  await till.tap('lamp-printer')
  await expect(till.get('lamp-printer-explained')).toContainText('2')
  await till.press('Escape')

  await store.printer({ plugged: true, paperOut: false })
  await till.paper(first)
  await till.paper(second)
  await expect(till.get('lamp-printer')).toHaveAttribute('data-state', 'ready')
  await till.room('sales')
  await till.get('sale-row').first().click()
  await expect(till.get('print-state')).toHaveAttribute('data-state', 'printed')
  const papers = await store.papers()
  for (const number of [first, second]) {
    expect(papers.filter((one) => linesOf(one).includes(number)), number).toHaveLength(1)
  }
})

test('the scanner is pulled out and put back', async ({ till, store }) => {
  await till.start()
  await store.scanner(false)
  await expect(till.get('lamp-scanner')).not.toHaveAttribute('data-state', 'ready')
  await till.typeKeys(milk.barcode)
  await till.press('Enter')
  await till.seeLine(milk.zh, '1', milk.cents)
  await store.scanner(true)
  await expect(till.get('lamp-scanner')).toHaveAttribute('data-state', 'ready')
  await till.scan(water)
  await till.tap('action-void')
  await till.tap('void-confirm')
})

test('killed in mid-basket: the basket is back, the session is not', async ({ till, store }) => {
  await till.start()
  await till.scan(milk)
  await till.scan(chocolate)
  await store.killTill()
  await expect(till.get('station-lost')).toBeVisible()
  await store.restartTill('SIGKILL')
  await till.open()
  await expect(till.get('sign-in')).toBeVisible()
  await till.signIn(operators.cashier)
  await till.seeLine(milk.zh, '1', milk.cents)
  await till.seeLine(chocolate.zh, '1', chocolate.cents)
  await till.payExact()
  expect(linesOf(await till.paper(await till.receiptNumber()))).toContain(chocolate.zh)
  await till.nextCustomer()
})
