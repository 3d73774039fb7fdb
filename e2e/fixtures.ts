// What every flow starts from: one store of real processes for each worker, and a window on its
// till for each test. A window that logged an error fails its test; a worker's till must verify.
import { test as base, expect } from '@playwright/test'
import { openStore, type Store } from './store.ts'
import { createTill, type Till } from './till.ts'

type TestFixtures = { till: Till }
type WorkerFixtures = { store: Store }

export const test = base.extend<TestFixtures, WorkerFixtures>({
  store: [async ({}, use) => {
    const store = await openStore()
    await use(store)
    const verified = await store.verify()
    await store.close()
    expect(verified.report).toContain('Everything holds.')
    expect(verified.ok).toBe(true)
  }, { scope: 'worker', timeout: 120_000 }],
  till: async ({ page, store }, use, info) => {
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(`${error.name}: ${error.message}`))
    page.on('console', (message) => {
      // A line that goes down with the station is logged by the browser itself.
      if (message.type() === 'error' && !/WebSocket|ERR_CONNECTION/.test(message.text())) {
        complaints.push(message.text())
      }
    })
    await use(createTill(page, store))
    if (info.status !== info.expectedStatus) {
      const body = store.log.join('\n')
      await info.attach('log of the store', { body, contentType: 'text/plain' })
    }
    expect(complaints, 'errors of the window').toEqual([])
  },
})
export { expect }
