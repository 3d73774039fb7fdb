import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { businessDate, createBusinessCalendar, parseBusinessDate } from './business-date.ts'

const at = (iso: string): number => Date.parse(iso)

test('a day begins at its start, not at midnight of any other clock', () => {
  assert.equal(businessDate(at('2026-03-01T15:59:59Z'), 'Asia/Shanghai'), '2026-03-01')
  assert.equal(businessDate(at('2026-03-01T16:00:00Z'), 'Asia/Shanghai'), '2026-03-02')
  assert.equal(businessDate(at('2026-03-01T19:59:59Z'), 'Asia/Shanghai', 240), '2026-03-01')
  assert.equal(businessDate(at('2026-03-01T20:00:00Z'), 'Asia/Shanghai', 240), '2026-03-02')
})

test('daylight saving: the repeated hour stays in one day, the skipped one starts at the change', () => {
  // New York goes back at 2026-11-01T06:00Z (2:00 to 1:00) and forward at 2026-03-08T07:00Z.
  const back = createBusinessCalendar('America/New_York', 90)
  assert.equal(back.dateOf(at('2026-11-01T05:29:59Z')), '2026-10-31')
  assert.equal(back.dateOf(at('2026-11-01T05:30:00Z')), '2026-11-01')
  assert.equal(back.dateOf(at('2026-11-01T06:15:00Z')), '2026-11-01', 'it reads 01:15 again')
  const forward = createBusinessCalendar('America/New_York', 150)
  assert.equal(forward.startMs(forward.dateOf(at('2026-03-08T12:00:00Z'))), at('2026-03-08T07:00:00Z'))
  const samoa = createBusinessCalendar('Pacific/Apia')
  assert.equal(samoa.dateOf(at('2011-12-30T09:59:59Z')), '2011-12-29')
  assert.equal(samoa.dateOf(at('2011-12-30T10:00:00Z')), '2011-12-31', 'the 30th did not happen')
})

test('every instant lies in exactly one day, days follow each other without gap', () => {
  const zones = ['Asia/Shanghai', 'America/New_York', 'Europe/London', 'Australia/Lord_Howe',
    'America/Sao_Paulo', 'Africa/Cairo', 'Asia/Kathmandu', 'UTC']
  fc.assert(fc.property(
    fc.integer({ min: at('2005-01-01T00:00:00Z'), max: at('2030-01-01T00:00:00Z') }),
    fc.constantFrom(...zones), fc.integer({ min: 0, max: 1439 }),
    (epochMs, zone, dayStartMinutes) => {
      const calendar = createBusinessCalendar(zone, dayStartMinutes)
      const date = calendar.dateOf(epochMs)
      const start = calendar.startMs(date)
      assert.ok(start <= epochMs)
      assert.equal(calendar.dateOf(start), date)
      assert.ok(calendar.dateOf(start - 1) < date, 'the instant before belongs to an earlier day')
    }), { numRuns: 400 })
})

test('every quarter of an hour around the changes is in order', () => {
  for (const [zone, from] of [['America/New_York', '2026-10-31T00:00:00Z'],
    ['America/New_York', '2026-03-07T00:00:00Z'], ['Australia/Lord_Howe', '2026-04-03T00:00:00Z']] as const) {
    for (const dayStart of [0, 60, 90, 120, 150, 180]) {
      const calendar = createBusinessCalendar(zone, dayStart)
      let last = ''
      for (let ms = at(from); ms < at(from) + 3 * 86_400_000; ms += 900_000) {
        const date = calendar.dateOf(ms)
        assert.ok(date >= last, `${zone} ${dayStart} ${new Date(ms).toISOString()}`)
        last = date
      }
    }
  }
})

test('only real dates parse', () => {
  assert.equal(parseBusinessDate('2024-02-29'), '2024-02-29')
  for (const bad of ['2023-02-29', '2024-13-01', '24-01-01', '2024-1-1', '']) {
    assert.equal(parseBusinessDate(bad), null)
  }
  assert.throws(() => createBusinessCalendar('Nowhere/Else'), RangeError)
  assert.throws(() => createBusinessCalendar('UTC', 1440), RangeError)
})
