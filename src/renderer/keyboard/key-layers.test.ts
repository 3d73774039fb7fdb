// Which layer gets a key, and what fields and buttons keep for themselves.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createKeyLayers, keyName } from './key-layers.ts'
import type { KeyLevel, KeyPress } from './key-layers.ts'

const press = (key: string, extra: Partial<KeyPress> = {}): KeyPress => ({
  key, code: '', altKey: false, ctrlKey: false, metaKey: false, shiftKey: false,
  isComposing: false, repeat: false, ...extra,
})
const free = { inField: false, onButton: false }

const setUp = () => {
  const layers = createKeyLayers()
  const heard: string[] = []
  const lay = (
    level: KeyLevel, name: string, keys: string[], more: { modal?: boolean; text?: boolean } = {},
  ) => layers.push({
    level, modal: more.modal === true,
    handlers: () => Object.fromEntries(keys.map((key) => [key,
      () => heard.push(`${name} ${key}`)])),
    onText: (text) => {
      if (more.text !== true) return false
      heard.push(`${name} text ${text}`)
      return true
    },
  })
  return { layers, heard, lay }
}

test('names of keys', () => {
  assert.equal(keyName(press('F2')), 'F2')
  assert.equal(keyName(press('Delete', { shiftKey: true })), 'Shift+Delete')
  assert.equal(keyName(press('?', { shiftKey: true })), '?')
  assert.equal(keyName(press('¡', { code: 'Digit1', altKey: true })), 'Alt+1')
  assert.equal(keyName(press('L', { code: 'KeyL', altKey: true, shiftKey: true })), 'Alt+l')
})

test('the upper level and the younger layer come first', () => {
  const { layers, heard, lay } = setUp()
  lay('panel', 'panel', ['Enter'])
  lay('room', 'room', ['Enter', 'Escape'])
  const away = lay('panel', 'newer', ['Enter'])
  layers.press(press('Enter'), free)
  layers.press(press('Escape'), free)
  away()
  layers.press(press('Enter'), free)
  assert.deepEqual(heard, ['newer Enter', 'room Escape', 'panel Enter'])
})

test('a modal layer keeps the rest from the room', () => {
  const { layers, heard, lay } = setUp()
  lay('room', 'room', ['F7'], { text: true })
  lay('over', 'sheet', [], { modal: true })
  assert.equal(layers.press(press('F7'), free), false)
  assert.equal(layers.press(press('5'), free), false)
  assert.deepEqual(heard, [])
})

test('fields keep their text, buttons their Enter', () => {
  const { layers, heard, lay } = setUp()
  lay('room', 'room', ['Enter', 'F4', 'x'], { text: true })
  assert.equal(layers.press(press('x'), { inField: true, onButton: false }), false)
  assert.equal(layers.press(press('5'), { inField: true, onButton: false }), false)
  assert.equal(layers.press(press('F4'), { inField: true, onButton: false }), true)
  assert.equal(layers.press(press('Enter'), { inField: false, onButton: true }), false)
  assert.equal(layers.press(press('5'), free), true)
  assert.equal(layers.press(press('v', { ctrlKey: true }), free), false)
  assert.deepEqual(heard, ['room F4', 'room text 5'])
})

test('a held key acts once; composing text is left alone', () => {
  const { layers, heard, lay } = setUp()
  lay('room', 'room', ['Enter', 'ArrowDown'])
  layers.press(press('Enter'), free)
  layers.press(press('Enter', { repeat: true }), free)
  layers.press(press('ArrowDown', { repeat: true }), free)
  layers.press(press('Enter', { isComposing: true }), free)
  assert.deepEqual(heard, ['room Enter', 'room ArrowDown'])
})

test('a handler that answers false leaves the key to the layer below', () => {
  const { layers, heard, lay } = setUp()
  lay('panel', 'form', ['Enter'])
  layers.push({ level: 'over', modal: false, handlers: () => ({ Enter: () => false }) })
  layers.press(press('Enter'), free)
  assert.deepEqual(heard, ['form Enter'])
})
