// Goods nobody knows are sold all the same, and become known.
import { expect, test } from './fixtures.ts'
import { operators, umbrella, unknownBarcodes } from './goods.ts'
import { linesOf } from './till.ts'

const [, , , third = '', fourth = ''] = unknownBarcodes

test('an unknown barcode is sold, linked, and found at the next scan', async ({ till, store }) => {
  await till.start()
  await store.scan(third)
  await expect(till.get('prompt-unknown-barcode')).toBeVisible()
  await expect(till.get('prompt-department')).not.toHaveAttribute('aria-disabled', 'true')
  await till.press('Enter')
  await expect(till.get('department-panel')).toContainText(third)
  await till.typeKeys('15.50')
  await expect(till.get('department-price')).toContainText('15.50')
  await expect(till.get('department-add')).toBeDisabled()
  await till.tap('department-produce')
  await till.press('Enter')
  await till.seeLine('生鲜果蔬', '1', 1550)
  await till.payExact()
  expect(linesOf(await till.paper(await till.receiptNumber()))).toContain('生鲜果蔬')
  await till.nextCustomer()

  await till.menu('switch-operator')
  await till.tap(`operator-${operators.manager.number}`)
  await till.typePin(operators.manager.pin)
  await till.room('todo')
  await till.get('work-item').filter({ hasText: third }).click()
  await till.get('task-search').fill(umbrella.code)
  await expect(till.get('search-result').first()).toContainText(umbrella.zh)
  await till.press('Enter')
  await expect(till.get('notice')).toContainText(umbrella.zh)
  await expect(till.get('work-item').filter({ hasText: third })).toHaveCount(0)

  await store.scan(third)
  await till.seeLine(umbrella.zh, '1', umbrella.cents)
  await till.payExact()
  await till.nextCustomer()
})

test('a department item above the cap needs another person', async ({ till, store }) => {
  await till.start()
  await store.scan(fourth)
  await expect(till.get('prompt-department')).not.toHaveAttribute('aria-disabled', 'true')
  await till.tap('prompt-department')
  await till.typeKeys('250')
  await till.tap('department-household')
  await till.tap('department-add')
  await till.approve(operators.associate)
  await expect(till.get('approval-refused')).toBeVisible()
  await till.approve(operators.manager)
  await till.seeLine('家居日用', '1', 25_000)
  await till.tap('action-void')
  await till.tap('void-confirm')
  await expect(till.get('basket-empty')).toBeVisible()
})
