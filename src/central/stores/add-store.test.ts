// A store file taken in by an empty central: what set-up.md promises, again without change, changes
// without new PINs, and refusals that repeat no PIN.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { OperatorRecord, ReferenceDocument } from '#domain/catalogue.ts'
import { complaintOf } from '#contract/complaint.ts'
import { readReferenceDocuments } from '#central/import/reference-store.ts'
import { isPinOf } from '#central/pin-hash.ts'
import type { Central } from '#central/start-central.ts'
import { checkDocument } from '#station/replica/collections.ts'
import { admin, startTestCentral } from '#testing/central/memory-central.ts'
import type { StoreTakenIn } from './add-store.ts'
import { isSecretPath, storeFile } from './store-file.ts'

type Example = {
  settings: { pricing: { currency: { code: string } }; departmentItemCapMinor: number; timeZone: string }
  departments: { taxCode: string }[]
  operators: { number: string; pin?: string; name: string; roleId: string }[]
}
const file = new URL('../../../docs/operators/store-example.json', import.meta.url)
const example = (): Example => JSON.parse(readFileSync(file, 'utf8')) as Example

const documentsOf = async (central: Central): Promise<Map<string, ReferenceDocument>> =>
  new Map((await readReferenceDocuments(central.db, 'high-street')).map((one) => [one.id, one]))
const operatorOf = async (central: Central, number: string): Promise<OperatorRecord> => {
  const document = (await documentsOf(central)).get(`operator:high-street-${number}`)
  assert.ok(document?.type === 'operator')
  return document.body
}

test('an empty central takes in the example; again changes nothing; PINs stay unless given', async (t) => {
  const central = await startTestCentral({ seed: 'none' })
  t.after(() => central.close())
  const take = (body: unknown) => admin<StoreTakenIn>(central, 'stores', body)
  const first = await take(example())
  const documents = await documentsOf(central)
  assert.deepEqual(first, { created: true, published: documents.size })
  for (const type of ['store', 'role', 'department', 'reason', 'operator'] as const) {
    assert.ok([...documents.values()].some((document) => document.type === type), type)
  }
  for (const document of documents.values()) {
    const checked = checkDocument('reference', { ...document, _deleted: false })
    assert.ok(checked.ok, `a till would refuse ${document.id}`)
  }
  const cashier = await operatorOf(central, '11')
  assert.ok(await isPinOf('4071', cashier.pin))
  assert.ok(![...documents.values()].some((document) => /4071|5938/.test(JSON.stringify(document))))
  assert.ok((await admin<{ code: string }>(central, 'enrolment-codes', { storeId: 'high-street' })).code)

  assert.deepEqual(await take(example()), { created: false, published: 0 })

  const changed = example()
  changed.settings.departmentItemCapMinor = 30_000
  for (const operator of changed.operators) delete operator.pin
  assert.deepEqual(await take(changed), { created: false, published: 1 })
  assert.deepEqual((await operatorOf(central, '11')).pin, cashier.pin)

  const renewed = example()
  assert.ok(renewed.operators[0])
  renewed.operators[0].pin = '82640'
  assert.equal((await take(renewed)).published, 2, 'the settings back, and the one PIN')
  assert.ok(await isPinOf('82640', (await operatorOf(central, '11')).pin))

  const other = example()
  other.settings.pricing.currency.code = 'EUR'
  await assert.rejects(take(other), /currency of a store cannot be changed/)
  const nameless = example()
  nameless.operators.push({ number: '12', name: 'New', roleId: 'cashier' })
  await assert.rejects(take(nameless), /needs a pin/)
})

test('a wrong key is named with what would be right, and no PIN is repeated', () => {
  const complaint = (change: (value: Example) => void) => {
    const value = example()
    change(value)
    const parsed = storeFile.safeParse(value)
    assert.ok(!parsed.success)
    return complaintOf(parsed.error, value, isSecretPath)
  }
  assert.deepEqual(complaint((value) => {
    value.settings.timeZone = 'Mars'
  }), { key: 'settings.timeZone', got: '"Mars"', expected: 'a time zone such as Europe/London' })
  assert.deepEqual(complaint((value) => {
    if (value.departments[2]) value.departments[2].taxCode = 'vat7'
  }), {
    key: 'departments.2.taxCode', got: '"vat7"', expected: 'a tax code of settings.pricing.taxes',
  })
  const pin = complaint((value) => {
    if (value.operators[0]) value.operators[0].pin = '40-71'
  })
  assert.deepEqual(pin, {
    key: 'operators.0.pin', got: 'something else', expected: '4 to 8 digits in quotation marks',
  })
})
