// Check digits, forms and classes of barcodes, against numbers from another implementation's tests.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  checkDigitOf, classifyBarcode, expandUpcE, hasValidCheckDigit, shortestGtin, toGtin14,
} from './gtin.ts'

type Vectors = {
  upcE: { input: string; hasCheck: boolean; upcA: string | null }[]
  ean: { input: string; valid: boolean }[]
  upcA: { input: string; valid: boolean }[]
}
const vectors = JSON.parse(readFileSync(
  new URL('../../fixtures/vectors/barcodes.json', import.meta.url), 'utf8')) as Vectors

test('UPC-E expands to the published UPC-A', () => {
  let compared = 0
  for (const { input, hasCheck, upcA } of vectors.upcE) {
    // The source pads short inputs and ignores a number system above 1; a scanner sends 8 digits.
    const full = input.length === (hasCheck ? 8 : 7) || (!hasCheck && input.length === 6)
    if (!full || /^[2-9]/.test(input) && input.length >= 7) continue
    assert.equal(expandUpcE(input), upcA, input)
    compared += 1
  }
  assert.ok(compared >= 12, `${compared} compared`)
  assert.equal(expandUpcE('23456781'), null)
  assert.equal(expandUpcE('12345671'), null, 'wrong check digit')
  assert.equal(expandUpcE('1234'), null)
})

test('EAN-13 and UPC-A check digits agree with the published ones', () => {
  for (const { input, valid } of [...vectors.ean, ...vectors.upcA]) {
    assert.equal(hasValidCheckDigit(input), valid, input)
  }
})

test('every form normalises to fourteen digits and back', () => {
  assert.equal(toGtin14('6921168509256'), '06921168509256')
  assert.equal(toGtin14('036000291452'), '00036000291452')
  assert.equal(toGtin14('96385074'), '00000096385074')
  assert.equal(toGtin14('10614141000415'), '10614141000415')
  assert.equal(toGtin14('6921168509257'), null)
  assert.equal(toGtin14('12345'), null)
  fc.assert(fc.property(fc.constantFrom(7, 11, 12, 13),
    fc.infiniteStream(fc.integer({ min: 0, max: 9 })), (length, stream) => {
      const body = [...stream.take(length)].join('')
      const digits = `${body}${checkDigitOf(body)}`
      const gtin14 = toGtin14(digits)
      assert.ok(gtin14 !== null && gtin14.length === 14)
      assert.ok(hasValidCheckDigit(gtin14), 'leading zeros keep the check digit')
      assert.equal(toGtin14(shortestGtin(gtin14)), gtin14)
      // Every single wrong digit is found.
      const at = Math.abs(Number(body.slice(0, 3))) % digits.length
      const wrong = digits.slice(0, at) + (Number(digits[at]) + 1) % 10 + digits.slice(at + 1)
      assert.equal(hasValidCheckDigit(wrong), false)
    }))
})

test('what a text is', () => {
  const kind = (text: string, aimId?: string) => classifyBarcode(text, aimId).kind
  assert.deepEqual(classifyBarcode('6921168509256'), {
    kind: 'gtin', form: 'EAN-13', gtin14: '06921168509256', digits: '6921168509256', otherGtin14: null,
  })
  assert.deepEqual(classifyBarcode('4006381333930'),
    { kind: 'wrong-check-digit', form: 'EAN-13', digits: '4006381333930', expected: 1 })
  assert.equal(kind('4006381333930', ']C0'), 'own-code', 'a Code 128 may carry any digits')
  assert.equal(kind('10614141000416', ']I1'), 'wrong-check-digit')
  assert.equal(kind(']E06921168509256'), 'gtin')
  assert.deepEqual(classifyBarcode('2100005001250'), {
    kind: 'in-store', form: 'EAN-13', gtin14: '02100005001250', digits: '2100005001250', prefix: '21',
  })
  for (const prefix of ['02', '20', '29']) {
    const body = `${prefix}1234501234`
    assert.equal(kind(`${body}${checkDigitOf(body)}`), 'in-store')
  }
  assert.deepEqual(classifyBarcode('012345000058'), {
    kind: 'gtin', form: 'UPC-A', gtin14: '00012345000058', digits: '012345000058', otherGtin14: null,
  })
  const upcE = classifyBarcode('01234558', ']E0')
  assert.equal(upcE.kind === 'gtin' && upcE.gtin14, '00012345000058')
  assert.equal(kind('01234558'), 'gtin')
  // 12345670 is an EAN-8 and a UPC-E: both readings are told.
  const both = classifyBarcode('12345670')
  assert.deepEqual(both, {
    kind: 'gtin', form: 'EAN-8', gtin14: '00000012345670', digits: '12345670',
    otherGtin14: '00123456000070',
  })
  assert.deepEqual(classifyBarcode('0106921168509256\u001d10AB', ']d2'),
    { kind: 'gs1', text: '0106921168509256\u001d10AB', gtin14: '06921168509256' })
  assert.equal(kind('(01)06921168509256'), 'gs1')
  assert.equal(kind('OC1:ABC'), 'receipt')
  assert.equal(kind('SKU-77'), 'own-code')
  assert.equal(kind('123456'), 'own-code')
  assert.equal(kind('  '), 'empty')
})

test('no text breaks the classifier', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.option(fc.string({ maxLength: 3 })),
    (text, aimId) => { assert.ok(classifyBarcode(text, aimId).kind) }))
})
