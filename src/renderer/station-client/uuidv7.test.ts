// Ids of commands: the standard's shape, ordered by time.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { createUuidv7 } from './uuidv7.ts'
import { stationAddress, tokenFromFragment } from './websocket-transport.ts'

test('ids are UUIDs of version 7 and grow with time', () => {
  let nowMs = 1_700_000_000_000
  const next = createUuidv7(() => nowMs, (bytes) => crypto.getRandomValues(bytes))
  const ids: string[] = []
  for (let at = 0; at < 50; at += 1) {
    ids.push(next())
    nowMs += 1
  }
  for (const id of ids) z.uuidv7().parse(id)
  assert.deepEqual([...ids].sort(), ids)
  assert.equal(parseInt(ids[0]?.replaceAll('-', '').slice(0, 12) ?? '', 16), 1_700_000_000_000)
})

test('the token comes from the fragment, the address from the page', () => {
  assert.equal(tokenFromFragment('#token=a_b-c'), 'a_b-c')
  assert.equal(tokenFromFragment(''), null)
  assert.equal(stationAddress({ protocol: 'http:', host: '127.0.0.1:8' }),
    'ws://127.0.0.1:8/station')
  assert.equal(stationAddress({ protocol: 'https:', host: 'till' }), 'wss://till/station')
})
