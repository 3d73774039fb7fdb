// Central heard by the feed is central back for the queue, too.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFakeReplica } from '#testing/station/fake-replica.ts'
import { retryWhenBack } from './central-back.ts'

test('the queue is sent when the feed hears central again, once each time', () => {
  const replica = createFakeReplica({ products: [], prices: [], stocks: [], reference: [] })
  let retries = 0
  const end = retryWhenBack(replica, { retryNow: () => (retries += 1) })
  replica.setStatus({ online: false, code: 'unreachable' })
  assert.equal(retries, 0)
  replica.setStatus({ online: true, code: null })
  replica.setStatus({ online: true, lastContactAtMs: 1 })
  assert.equal(retries, 1)
  replica.setStatus({ online: false })
  replica.setStatus({ online: true })
  assert.equal(retries, 2)
  end()
  replica.setStatus({ online: false })
  replica.setStatus({ online: true })
  assert.equal(retries, 2)
})
