// Who is at the till: PINs by touch and keys, guessing, locking, switching, languages.
import { expect, test } from './fixtures.ts'
import { milk, operators, water } from './goods.ts'

test('signing in by keys and by touch; a wrong PIN is said', async ({ till }) => {
  await till.open()
  await till.typeKeys('101')
  await till.press('Enter')
  await till.typeKeys('9999')
  await till.press('Enter')
  await expect(till.get('notice')).toContainText('密码')
  await expect(till.get('sign-in')).toBeVisible()
  await till.typeKeys('1111')
  await till.press('Enter')
  await expect(till.get('operator-menu')).toContainText(operators.cashier.name)

  await till.menu('sign-out')
  await expect(till.get('sign-in')).toBeVisible()
  await till.tap(`operator-${operators.manager.number}`)
  await till.typePin('0000')
  await expect(till.get('notice')).toContainText('密码')
  await till.typePin(operators.manager.pin)
  await expect(till.get('operator-menu')).toContainText(operators.manager.name)
  await till.menu('sign-out')
})

test('who guesses a PIN must wait, and a restart forgets nothing', async ({ till, store }) => {
  await till.open()
  await till.tap(`operator-${operators.associate.number}`)
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    await till.typePin('0000')
    await expect(till.get('notice').or(till.get('pin-wait')).first()).toBeVisible()
    await expect(till.get('pin-1').or(till.get('pin-wait')).first()).toBeVisible()
  }
  await expect(till.get('pin-wait')).toBeVisible()
  await expect(till.get('pin-1')).toBeDisabled()
  await expect(till.get('pin-wait')).toBeHidden()

  await store.restartTill('SIGTERM')
  await till.open()
  await till.tap(`operator-${operators.associate.number}`)
  await till.typePin('0000')
  // Were the count lost, the first wrong PIN would cost no wait at all.
  await expect(till.get('pin-wait')).toBeVisible()
  await expect(till.get('pin-wait')).toBeHidden()
  await till.typePin(operators.associate.pin)
  await expect(till.get('operator-menu')).toContainText(operators.associate.name)
  await till.menu('sign-out')
})

test('a lock keeps the basket and refuses scans; a switch hands it on', async ({ till, store }) => {
  await till.start()
  await till.scan(milk)
  await till.page.keyboard.press('Alt+l')
  await expect(till.get('lock-screen')).toBeVisible()
  await store.scan(water.barcode)
  await expect(till.get('lock-screen').getByTestId('notice')).toContainText('没有收')
  await till.typePin(operators.cashier.pin)
  await till.seeLine(milk.zh, '1', milk.cents)
  await expect(till.get('basket-line')).toHaveCount(1)

  await till.menu('switch-operator')
  await till.tap(`operator-${operators.manager.number}`)
  await till.typePin(operators.manager.pin)
  await expect(till.get('operator-menu')).toContainText(operators.manager.name)
  await till.seeLine(milk.zh, '1', milk.cents)

  await till.page.reload()
  await expect(till.get('operator-menu')).toContainText(operators.manager.name)
  await till.seeLine(milk.zh, '1', milk.cents)
  await till.tap('action-void')
  await till.tap('void-confirm')
  await expect(till.get('basket-empty')).toBeVisible()
})

test('one session, whatever the window; a language is its operator’s', async ({
  till, context, store,
}) => {
  await till.start()
  await expect(till.page.locator('html')).toHaveAttribute('lang', 'zh-CN')
  await till.tap('operator-menu')
  await till.tap('language-en')
  await expect(till.page.locator('html')).toHaveAttribute('lang', 'en')
  await till.press('Escape')
  await till.scan({ barcode: milk.barcode, zh: milk.en })
  await expect(till.get('primary')).toContainText('Take payment')

  const stranger = await context.newPage()
  await stranger.goto(store.url)
  await expect(stranger.getByTestId('sign-in')).toBeVisible()
  await till.menu('switch-operator')
  await till.tap(`operator-${operators.manager.number}`)
  await till.typePin(operators.manager.pin)
  await expect(till.get('operator-menu')).toContainText(operators.manager.name)
  // Who is signed in at one window is not signed in at another.
  await expect(stranger.getByTestId('sign-in')).toBeVisible()
  await expect(stranger.getByTestId('operator-menu')).toHaveCount(0)
  await stranger.getByTestId(`operator-${operators.cashier.number}`).click()
  for (const digit of operators.cashier.pin) await stranger.getByTestId(`pin-${digit}`).click()
  await stranger.getByTestId('pin-submit').click()
  await expect(stranger.getByTestId('basket-line')).toHaveCount(1)
  await expect(till.get('sign-in')).toBeVisible()
  await stranger.close()
  await till.signIn(operators.cashier)

  await till.tap('action-remove')
  await expect(till.get('basket-empty')).toBeVisible()
  await till.menu('sign-out')
  await till.signIn(operators.cashier)
  await expect(till.page.locator('html')).toHaveAttribute('lang', 'zh-CN')
})
