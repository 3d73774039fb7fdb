// The window's picture of the till follows what the station says.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LineState, StationClient } from '#renderer/station-client/station-client.ts'
import { createStationStore } from './station-store.ts'
import type { OperatorTile } from './station-store.ts'

const lina: OperatorTile = { operatorNumber: '101', name: '李娜', language: 'zh-CN' }
const settle = () => new Promise((resolve) => setImmediate(resolve))

/** A station that answers the questions of the greeting, and can be made to speak up. */
const fakeStation = () => {
  let operators: OperatorTile[] = []
  let says: (line: LineState) => void = () => undefined
  const listeners = new Map<string, (payload: unknown) => void>()
  const client = {
    onState: (listener: (line: LineState) => void) => {
      says = listener
      return () => undefined
    },
    on: (name: string, listener: (payload: unknown) => void) => {
      listeners.set(name, listener)
      return () => undefined
    },
    query: (name: string) => Promise.resolve(name === 'session.operators'
      ? { ok: true, value: operators } : { ok: false, code: 'fault', details: {} }),
    command: () => Promise.resolve({ ok: false, code: 'session-ended', details: {} }),
  }
  return {
    client: client as unknown as StationClient,
    open: () => says('open'),
    publish: (name: string, payload: unknown) => listeners.get(name)?.(payload),
    engage: (people: OperatorTile[]) => {
      operators = people
    },
  }
}

test('a window that opened during the first pull learns the operators when they have come',
  async () => {
  const station = fakeStation()
  const { store } = createStationStore(
    station.client, { read: () => null, write: () => undefined }, () => 'id')
  station.open()
  await settle()
  assert.equal(store.get().greeted, true)
  assert.deepEqual(store.get().operators, [])

  station.engage([lina])
  station.publish('station.changed', { ready: true })
  await settle()
  assert.deepEqual(store.get().operators, [lina])
})

const sessionOf = (sessionToken: string) => ({
  sessionToken, operatorId: 'shanghai-101', operatorNumber: '101', name: '李娜', roleId: 'cashier',
  permissions: [], language: 'zh-CN', locked: false,
})

test('a session that begins at another window is not this one’s, and ends this one’s', async () => {
  const station = fakeStation()
  const kept: (string | null)[] = []
  const { store } = createStationStore(
    station.client, { read: () => null, write: (token) => kept.push(token) }, () => 'id')
  station.open()
  await settle()
  station.publish('session.changed', sessionOf(''))
  await settle()
  assert.equal(store.get().session, null, 'nobody has signed in here')

  station.publish('session.changed', sessionOf('ours'))
  await settle()
  assert.equal(store.get().session?.name, '李娜')
  assert.equal(kept.at(-1), 'ours')
  station.publish('session.changed', sessionOf(''))
  await settle()
  assert.equal(store.get().session, null, 'somebody else has taken the till over')
  assert.equal(kept.at(-1), null)
})
