// A day without a mouse: every step of a sale by its key.
import { expect, test } from './fixtures.ts'
import { cola, operators, toast } from './goods.ts'

test('a whole sale by keyboard only', async ({ till }) => {
  await till.open()
  await till.typeKeys(operators.cashier.number)
  await till.press('Enter')
  await till.typeKeys(operators.cashier.pin)
  await till.press('Enter')
  await expect(till.get('operator-menu')).toContainText(operators.cashier.name)
  await expect(till.get('quick-keys').or(till.get('open-shift'))).toBeVisible()
  if (await till.get('open-shift').isVisible()) {
    await till.get('count-10000').focus()
    await till.typeKeys('5')
    for (let field = 0; field < 8; field += 1) await till.press('Enter')
    await expect(till.get('quick-keys')).toBeVisible()
  }

  // Letters begin a search, Enter takes the first find; a number is a quantity.
  await till.typeKeys('bskl')
  await expect(till.get('search-results')).toHaveAttribute('data-text', 'bskl')
  await expect(till.get('search-result').first()).toContainText(cola.zh)
  await till.press('Enter')
  await till.seeLine(cola.zh, '1', cola.cents)
  await till.typeKeys('4')
  await till.press('Enter')
  await till.seeLine(cola.zh, '4', 4 * cola.cents)
  await till.press('+')
  await till.seeLine(cola.zh, '5', 5 * cola.cents)
  await till.press('F2')
  await expect(till.get('search')).toBeFocused()
  await till.typeKeys(toast.code)
  await expect(till.get('search-result').first()).toContainText(toast.zh)
  await till.press('Enter')
  await till.seeLine(toast.zh, '1', toast.cents)

  await till.press('ArrowUp', 'ArrowUp')
  await expect(till.get('line-panel')).toContainText(cola.zh)
  await till.press('F4')
  await expect(till.get('discount-panel')).toBeVisible()
  await till.typeKeys('10')
  await till.press('a')
  await till.press('Enter')
  await till.seeLine(cola.zh, '5', 1125)
  await expect(till.get('primary')).toHaveAttribute('data-means', 'pay')
  await expect(till.get('primary')).not.toHaveAttribute('aria-disabled', 'true')
  await till.press('Enter')
  await expect(till.get('tender-panel')).toBeVisible()
  await till.seeCents('due', 1125 + toast.cents)
  await till.typeKeys('50')
  await till.press('Enter')
  await till.seeCents('change', 5000 - 1125 - toast.cents)
  await expect(till.get('primary')).not.toHaveAttribute('aria-disabled', 'true')
  await till.press('Enter')
  await expect(till.get('quick-keys')).toBeVisible()
  await expect(till.get('basket-empty')).toBeVisible()
})

test('the keys of rooms, the list of keys, and the way back', async ({ till }) => {
  await till.start()
  for (const room of ['sell', 'sales', 'cash', 'todo', 'status', 'sell']) {
    const number = ['sell', 'sales', 'cash', 'todo', 'status'].indexOf(room) + 1
    await till.page.keyboard.press(`Alt+${number}`)
    await expect(till.get(`room-${room}`)).toBeVisible()
  }
  await till.press('?')
  await expect(till.get('key-list')).toBeVisible()
  for (const key of ['F2', 'F4', 'F7', 'F8', 'F9', 'Alt L', 'Esc']) {
    await expect(till.get('key-list').getByText(key, { exact: true }).first()).toBeVisible()
  }
  await till.press('Escape')
  await expect(till.get('key-list')).toBeHidden()
  for (const [key, panel] of [['F8', 'held-panel'], ['F10', 'department-panel']] as const) {
    await till.press(key)
    await expect(till.get(panel)).toBeVisible()
    await till.press('Escape')
    await expect(till.get('quick-keys')).toBeVisible()
  }
})
