// Signing in: wrong PINs wait, lock and stay locked over restarts; the session survives a restart
// unless the till was left alone; revoked people are out at once.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openTill, type TestTill } from '#testing/station/open-till.ts'
import { createPinChecker, makePinRecord, pinParameters, TooManyPinsWaiting } from './pin.ts'

const liMin = { operatorNumber: '101', pin: '1111' }

const wrong = async (till: TestTill, operatorNumber = '101') => {
  const outcome = await till.station.call('session.sign-in', { operatorNumber, pin: '9999' })
  assert.ok(!outcome.ok)
  return outcome
}

test('a PIN record is scrypt with its own parameters and salt', async () => {
  assert.deepEqual(pinParameters, { n: 131_072, r: 8, p: 1 })
  const record = await makePinRecord('1234', Buffer.from('salt'), 2 ** 8)
  const check = createPinChecker()
  assert.equal(await check('1234', record), true)
  assert.equal(await check('1235', record), false)
  assert.equal(await check('1234', { ...record, salt: 'AAAA' }), false)
  assert.equal(await check('1234', { ...record, hash: '' }), false)
})

test('only so many checks wait at a time', async () => {
  const record = await makePinRecord('1234', Buffer.from('salt'), 2 ** 8)
  const check = createPinChecker(2)
  const first = [check('1234', record), check('1234', record)]
  await assert.rejects(check('1234', record), TooManyPinsWaiting)
  assert.deepEqual(await Promise.all(first), [true, true])
  assert.equal(await check('1234', record), true)
})

test('after five wrong PINs tries wait longer, after ten the operator is locked', async () => {
  const till = await openTill()
  for (let n = 1; n <= 4; n += 1) assert.equal((await wrong(till)).code, 'wrong-pin')
  const fifth = await wrong(till)
  assert.deepEqual(fifth.details, { attemptsLeft: 5, waitMs: 2000 })
  assert.equal((await wrong(till)).code, 'wait')
  assert.equal(await till.refusal('session.sign-in', liMin), 'wait')
  for (let n = 6; n <= 9; n += 1) {
    till.clock.advance(60_000)
    assert.equal((await wrong(till)).code, 'wrong-pin')
  }
  till.clock.advance(60_000)
  assert.equal((await wrong(till)).code, 'operator-locked')
  await till.restart()
  till.clock.advance(29 * 60_000)
  assert.equal(
    await till.refusal('session.sign-in', liMin), 'operator-locked')
  // Others are not punished for it.
  await till.signIn('301')
  till.clock.advance(60_001)
  await till.signIn('101')
  assert.equal((await wrong(till)).details['attemptsLeft'], 9)
  await till.close()
})

test('a clock set back does not lengthen a lock, and does not end it', async () => {
  const till = await openTill()
  for (let n = 1; n <= 10; n += 1) {
    await wrong(till)
    till.clock.advance(61_000)
  }
  till.clock.advance(-24 * 3600_000)
  const locked = await wrong(till)
  assert.equal(locked.code, 'operator-locked')
  assert.ok((locked.details['waitMs'] as number) <= 30 * 60_000)
  // The half hour runs on the clock as it is now, not until yesterday has caught up.
  till.clock.advance(29 * 60_000)
  assert.equal((await wrong(till)).code, 'operator-locked')
  till.clock.advance(60_001)
  await till.signIn('101')
  await till.close()
})

test('the session comes back after a restart; left alone for long it is locked', async () => {
  const till = await openTill()
  const { sessionToken } = await till.must('session.sign-in', liMin)
  await till.restart()
  const resumed = await till.must('session.resume', { sessionToken })
  assert.equal(resumed.operatorNumber, '101')
  assert.equal(resumed.locked, false)
  assert.equal(await till.refusal('session.resume', { sessionToken: 'guess' }), 'session-ended')
  till.clock.advance(300_001)
  await till.restart()
  assert.equal((await till.must('session.resume', { sessionToken })).locked, true)
  assert.equal(await till.refusal('basket.get', {}), 'locked')
  assert.equal(await till.refusal('session.unlock', { pin: '3333' }), 'wrong-pin')
  assert.equal((await till.must('session.unlock', { pin: '1111' })).locked, false)
  await till.must('basket.get', {})
  await till.close()
})

test('no token of a session is stored', async () => {
  const till = await openTill()
  const { sessionToken } = await till.must('session.sign-in', liMin)
  const dump = JSON.stringify([
    till.ledger.db.prepare('SELECT * FROM operator_session').all(),
    till.ledger.db.prepare('SELECT * FROM command_result').all(),
    till.ledger.db.prepare('SELECT CAST(payload AS TEXT) FROM journal').all(),
  ])
  assert.ok(!dump.includes(sessionToken))
  await till.close()
})

test('the quick switch hands the till with its basket to another operator', async () => {
  const till = await openTill()
  const first = await till.must('session.sign-in', liMin)
  await till.must('shift.open', { floatMinor: 0 })
  await till.must('basket.scan', { text: '4011' })
  const second = await till.must('session.sign-in', { operatorNumber: '301', pin: '3333' })
  assert.notEqual(second.sessionToken, first.sessionToken)
  assert.equal((await till.must('basket.get', {})).lines.length, 1)
  assert.equal(
    await till.refusal('session.resume', { sessionToken: first.sessionToken }), 'session-ended')
  await till.close()
})

test('a revoked operator is out at once, and cannot come back', async () => {
  const till = await openTill()
  await till.signIn('101')
  const record = till.replica.reference('operator').find((one) => one.body.number === '101')
  assert.ok(record)
  till.replica.putReference({ ...record, body: { ...record.body, active: false } })
  assert.equal(await till.refusal('basket.get', {}), 'signed-out')
  assert.equal(
    await till.refusal('session.sign-in', liMin), 'operator-unknown')
  await till.close()
})

test('language is the session\'s, signing out ends it', async () => {
  const till = await openTill()
  await till.signIn('101')
  assert.equal((await till.must('session.set-language', { language: 'en' })).language, 'en')
  await till.must('session.sign-out', {})
  assert.equal(await till.refusal('session.set-language', { language: 'en' }), 'signed-out')
  await till.close()
})

test('a revoked operator is out even while the disk is full', async () => {
  const till = await openTill()
  await till.signIn('101')
  const operator = till.replica.reference('operator').find(({ body }) => body.number === '101')
  assert.ok(operator !== undefined)
  till.ledger.db.pragma('query_only = 1')
  till.replica.putReference({ ...operator, body: { ...operator.body, active: false } })
  till.ledger.db.pragma('query_only = 0')
  assert.equal(await till.refusal('basket.get', {}), 'signed-out')
  await till.close()
})
