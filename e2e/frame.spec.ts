// Every screen in both languages and sizes, and who may not come in at all.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from './fixtures.ts'
import { operators } from './goods.ts'
import { type Finding, inspect } from './inspect.ts'
import { tour, type Language } from './tour.ts'

const names = Object.values(operators).map((one) => one.name)

test('the inspection sees what it is for', async ({ page }) => {
  await page.setContent(`<html lang="en"><body style="margin:0">
    <p>sell.pay</p><p>{{count}} of undefined</p><p>中文在此</p>
    <button style="width:60px;height:60px"></button>
    <button style="width:20px;height:20px">x</button>
    <button style="width:50px;height:50px;overflow:hidden;white-space:nowrap">far too long</button>
    <p style="color:#aaa">pale</p><div style="width:3000px">wide</div></body></html>`)
  const rules = new Set((await inspect(page, { language: 'en', names })).map((one) => one.rule))
  expect([...rules].toSorted()).toEqual([
    'Chinese in English', 'beyond the edge', 'cut off', 'faint', 'hole in a text', 'message key',
    'no name', 'sideways scroll', 'small target',
  ])
  await page.setContent('<html lang="zh-CN"><p>请再试 once more please</p></html>')
  expect(await inspect(page, { language: 'zh-CN', names }))
    .toMatchObject([{ rule: 'English in Chinese' }])
})

for (const language of ['zh-CN', 'en'] satisfies Language[]) {
  test(`every screen speaks ${language}, fits, can be read and touched`, async ({ till }) => {
    test.setTimeout(240_000)
    const found: (Finding & { screen: string })[] = []
    let screens = 0
    await tour(till, language, async (screen) => {
      screens += 1
      const findings = await inspect(till.page, { language, names })
      found.push(...findings.map((one) => ({ screen, ...one })))
    })
    expect(screens).toBeGreaterThan(50)
    expect(found.map((one) => `${one.screen} · ${one.rule} · ${one.what}`)).toEqual([])
  })
}

test('a page from elsewhere cannot reach the till', async ({ till, context, store }) => {
  await till.open()
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html')
    response.end('<!doctype html><title>elsewhere</title>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const { port } = server.address() as AddressInfo
    const page = await context.newPage()
    await page.goto(`http://127.0.0.1:${port}/`)
    const { origin, hash } = new URL(store.url)
    const token = new URLSearchParams(hash.slice(1)).get('token') ?? ''
    expect(token).not.toBe('')
    const attempt = (protocols: string[]): Promise<string> => page.evaluate(([url, ...list]) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(url ?? '', list)
        socket.onopen = () => resolve('open')
        socket.onerror = () => resolve('refused')
      }), [`${origin.replace('http', 'ws')}/station`, ...protocols])
    expect(await attempt(['onecounter', token])).toBe('refused')
    expect(await attempt(['onecounter'])).toBe('refused')
    const read = await page.evaluate((url) =>
      fetch(url).then((reply) => reply.text(), () => 'refused'), `${origin}/`)
    expect(read).toBe('refused')
    const framed = await page.evaluate((url) => new Promise<boolean>((resolve) => {
      const frame = document.createElement('iframe')
      frame.onload = () =>
        resolve(frame.contentWindow?.length === 0 && frame.contentDocument === null)
      frame.src = url
      document.body.append(frame)
    }), store.url)
    expect(framed).toBe(true)
    await page.close()
  } finally {
    server.close()
  }
})
