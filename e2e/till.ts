// A cashier's hands and eyes on one till: what can be touched, typed and scanned, and what then has
// to be seen. Figures are read from the screen in cents.
import { type Locator, type Page, expect } from '@playwright/test'
import { type Person, operators } from './goods.ts'
import type { Paper, Store } from './store.ts'

/** Slower than any scanner, so that keys count as a person's. */
const personDelayMs = 75

export const centsOf = (text: string): number => {
  const digits = /(−?)\D*([\d,]+)\.(\d\d)/.exec(text.replace('-', '−'))
  if (!digits) throw new Error(`no amount in "${text}"`)
  const cents = Number(`${digits[2]?.replaceAll(',', '')}${digits[3]}`)
  return digits[1] === '−' ? -cents : cents
}

export type Till = ReturnType<typeof createTill>

export function createTill(page: Page, store: Store) {
  const get = (testId: string): Locator => page.getByTestId(testId)
  const tap = (testId: string): Promise<void> => get(testId).click()
  const cents = async (testId: string): Promise<number> => centsOf(await get(testId).innerText())
  const seeCents = (testId: string, amount: number): Promise<void> =>
    expect.poll(() => cents(testId).catch(() => null), { message: testId }).toBe(amount)

  const typeKeys = (text: string): Promise<void> =>
    page.keyboard.type(text, { delay: personDelayMs })
  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) {
      await page.keyboard.press(key)
      await page.waitForTimeout(personDelayMs)
    }
  }

  const open = async (): Promise<void> => {
    await page.goto(store.url)
    // The first window of a new till waits for the first pull.
    await expect(get('sign-in').or(get('lock-screen')).or(get('room-sell')))
      .toBeVisible({ timeout: 30_000 })
  }
  const typePin = async (pin: string): Promise<void> => {
    for (const digit of pin) await get(`pin-${digit}`).click()
    await tap('pin-submit')
  }
  const signIn = async (who: Person = operators.cashier): Promise<void> => {
    if (!page.url().startsWith('http')) await open()
    await tap(`operator-${who.number}`)
    await typePin(who.pin)
    await expect(get('operator-menu')).toContainText(who.name)
  }
  const openShift = async (floatYuan = '500'): Promise<void> => {
    await tap('count-mode-amount')
    await get('count-amount').fill(floatYuan)
    await tap('open-shift-confirm')
    await expect(get('quick-keys')).toBeVisible()
  }
  /** Signed in, with a shift open and an empty basket: ready for the first item. */
  const start = async (who: Person = operators.cashier): Promise<void> => {
    await signIn(who)
    await expect(get('quick-keys').or(get('open-shift'))).toBeVisible()
    if (await get('open-shift').isVisible()) await openShift()
    await expect(get('basket-empty')).toBeVisible()
  }

  const line = (name: string): Locator => get('basket-line').filter({
    has: page.getByTestId('line-name').getByText(name, { exact: true }),
  })
  const seeLine = async (name: string, quantity: string, amount: number): Promise<void> => {
    await expect(line(name).getByTestId('line-quantity')).toHaveText(quantity)
    await expect.poll(async () => centsOf(await line(name).getByTestId('line-total').innerText()))
      .toBe(amount)
  }
  const scan = async (
    goods: { barcode: string; zh: string }, layout: 'A' | 'B' | 'C' = 'A',
  ): Promise<void> => {
    await store.scan(goods.barcode, layout)
    await expect(line(goods.zh)).toBeVisible()
  }

  /** Opens Payment and hands over this much cash; the sale must then be done. */
  const payCash = async (yuan: string): Promise<void> => {
    await tap('primary')
    await expect(get('tender-panel')).toBeVisible()
    await typeKeys(yuan)
    await expect(get('tendered')).toHaveText(yuan)
    await press('Enter')
    await expect(get('done-panel')).toBeVisible()
  }
  const payExact = async (): Promise<void> => {
    await tap('primary')
    await get('quick-cash-amount').first().click()
    await expect(get('done-panel')).toBeVisible()
  }
  const nextCustomer = async (): Promise<void> => {
    await expect(get('done-panel')).toBeVisible()
    await expect(get('primary')).toHaveAttribute('data-means', 'next')
    await expect(get('primary')).not.toHaveAttribute('aria-disabled', 'true')
    await store.printer({ drawerOpen: false })
    await tap('primary')
    await expect(get('quick-keys')).toBeVisible()
  }
  const receiptNumber = async (): Promise<string> => {
    const number = /[\w-]+-\d{2}-V?\d{6}/.exec(await get('receipt-number').innerText())?.[0]
    if (!number) throw new Error('no receipt number on screen')
    return number
  }
  /** The first paper whose text contains all of these, once it is cut. */
  const paper = async (...texts: string[]): Promise<Paper> => {
    let found: Paper | undefined
    await expect.poll(async () => {
      found = (await store.papers()).find((one) =>
        texts.every((text) => linesOf(one).includes(text)))
      return found?.cut
    }, { message: `a paper with ${texts.join(', ')}` }).toBe(true)
    return found as Paper
  }
  const approve = async (who: { number: string; pin: string }): Promise<void> => {
    await expect(get('approval-sheet')).toBeVisible()
    await typePin(who.number)
    await expect(page.getByTestId('pin-value')).toHaveText('')
    await typePin(who.pin)
  }
  const room = async (name: 'sell' | 'sales' | 'cash' | 'todo' | 'status'): Promise<void> => {
    await tap(`room-button-${name}`)
    await expect(get(`room-${name}`)).toBeVisible()
  }
  const menu = async (item: string): Promise<void> => {
    await tap('operator-menu')
    await get(item).click()
  }

  const seeNetwork = (state: 'online' | 'offline'): Promise<void> =>
    expect(get('lamp-network')).toHaveAttribute('data-state', state, { timeout: 30_000 })

  return {
    page, store, get, tap, cents, seeCents, seeNetwork, typeKeys, press, open, typePin, signIn,
    openShift, start,
    line, seeLine, scan, payCash, payExact, nextCustomer, receiptNumber, paper, approve, room, menu,
  }
}

export const linesOf = (paper: Paper): string => paper.lines.map((one) => one.text).join('\n')
