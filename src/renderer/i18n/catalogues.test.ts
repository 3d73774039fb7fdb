// Every text exists in both languages, and every code the station can answer with has one.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commonRefusals, contract } from '#contract/contract.ts'
import { faultCodes } from '#contract/faults.ts'
import { actionNamesOf, chinese, english, refusalTexts } from './catalogues.ts'
import { fillText, refusalText } from './refusal-texts.ts'
import type { RefusalText } from './refusal-texts.ts'

const flatten = (value: object, path = ''): Map<string, string> => {
  const found = new Map<string, string>()
  for (const [key, child] of Object.entries(value) as [string, unknown][]) {
    const name = path === '' ? key : `${path} › ${key}`
    if (typeof child === 'string') found.set(name, child)
    else if (typeof child === 'object' && child !== null) {
      for (const [inner, text] of flatten(child, name)) found.set(inner, text)
    }
  }
  return found
}
const slots = (text: string): string[] =>
  [...text.matchAll(/\{\{?(\w+)\}\}?/g)].map((match) => match[1] ?? '').sort()
const languages = ['zh-CN', 'en'] as const

test('both catalogues have the same keys with the same slots', () => {
  const left = flatten(english)
  const right = flatten(chinese)
  assert(left.size > 300)
  for (const [key, text] of left) {
    if (key.endsWith('_one')) continue
    const other = right.get(key)
    assert(other !== undefined && other.trim() !== '', `no Chinese text for ${key}`)
    assert.deepEqual([...new Set(slots(other))], [...new Set(slots(text))], `slots of ${key}`)
  }
  for (const key of right.keys()) assert(left.has(key), `${key} is Chinese only`)
})

test('Chinese is written by hand, in Chinese', () => {
  const sameInBoth = new Set(['frame › product', 'frame › lamps › rfid', 'frame › pad › clear'])
  const left = flatten(english)
  for (const [key, text] of flatten(chinese)) {
    if (sameInBoth.has(key) || /^[\d\s×/{}A-Za-z·%]*$/.test(text)) continue
    assert.notEqual(text, left.get(key), key)
    assert.match(text, /[\u3400-\u9fff]/, key)
    assert.doesNotMatch(text, /[\u3400-\u9fff][,;:!?]/, `half-width punctuation in ${key}`)
  }
})

test('every refusal of every call has its text in both languages', () => {
  let pairs = 0
  for (const language of languages) {
    const texts = refusalTexts[language]
    const fallback = texts.common.fault
    for (const [name, declared] of Object.entries(contract)) {
      if (declared.kind === 'event') continue
      for (const code of [...declared.refusals, ...commonRefusals]) {
        const text = refusalText(texts, name, code, {})
        assert.notEqual(text.what, '', `${language} ${name} ${code}`)
        if (code !== 'fault') assert.notEqual(text, fallback, `${language} ${name} ${code}`)
        pairs += 1
      }
    }
  }
  assert(pairs > 500)
})

test('every operating fault has its text, also as the detail of a refusal', () => {
  for (const language of languages) {
    const texts = refusalTexts[language]
    for (const code of faultCodes) {
      assert.notEqual(texts.faults[code].next, '')
      assert.equal(refusalText(texts, 'basket.void', 'fault', { fault: code }), texts.faults[code])
    }
  }
})

test('refusals say what happened and what to do, with the same details in both languages', () => {
  const tables = languages.map((language) => flatten(refusalTexts[language]))
  const [left, right] = tables
  assert(left !== undefined && right !== undefined)
  assert.deepEqual([...left.keys()].sort(), [...right.keys()].sort())
  for (const [key, text] of left) {
    assert.deepEqual(slots(text), slots(right.get(key) ?? ''), key)
    if (key.endsWith(' › what')) assert.notEqual(text, '', key)
  }
  for (const names of Object.values(actionNamesOf)) {
    for (const [call, name] of Object.entries(names)) assert.notEqual(name, '', call)
  }
})

test('a part in brackets is left out when its detail is missing', () => {
  const text: RefusalText = refusalTexts.en.calls['session.sign-in'].wait
  assert.equal(fillText(text.next, { seconds: 4 }), 'Wait 4 s, then type it again.')
  assert.equal(fillText(text.next, {}), 'Wait, then type it again.')
  assert.equal(fillText('{name} is here', { name: '茶' }), '茶 is here')
})
