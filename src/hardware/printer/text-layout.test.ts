// Lines never exceed their columns and never lose a character.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  alignText, cellWidths, columnLines, columnsOf, pairLines, printableText, wrapText,
} from '#hardware/printer/text-layout.ts'

test('Chinese characters and the wide yen sign count two', () => {
  assert.equal(columnsOf('￥12.50'), 7)
  assert.equal(columnsOf('牛奶 1L'), 7)
})

test('words stay whole, Chinese breaks anywhere, closing marks do not begin a line', () => {
  assert.deepEqual(wrapText('stone baked loaf', 11), ['stone baked', 'loaf'])
  assert.deepEqual(wrapText('桂花乌龙茶礼盒', 6), ['桂花乌', '龙茶礼', '盒'])
  assert.deepEqual(wrapText('一二三，四', 6), ['一二', '三，四'])
  assert.deepEqual(wrapText('6901234567892', 5), ['69012', '34567', '892'])
  assert.deepEqual(wrapText('a\nb', 5), ['a', 'b'])
  assert.deepEqual(wrapText('', 5), [''])
})

test('pairs: value at the right edge of the last line of the label', () => {
  assert.deepEqual(pairLines('合计', '￥8.00', 16), ['合计      ￥8.00'])
  const lines = pairLines('a label that is long', '9.99', 16)
  assert.deepEqual(lines, ['a label', 'that is', 'long        9.99'])
  assert.deepEqual(pairLines('Receipt', '0001-01-00000042', 16), ['Receipt', '0001-01-00000042'])
})

test('columns: numbers right-aligned, cells wrap within their width', () => {
  const cells = [
    { text: '牛奶', align: 'left', share: 2 }, { text: '2', align: 'right', share: 1 },
    { text: '25.00', align: 'right', share: 1 },
  ] as const
  const lines = columnLines([...cells], 24)
  assert.deepEqual(lines, ['牛奶             2 25.00'])
  assert.equal(columnsOf(lines[0] ?? ''), 24)
})

test('what cannot be printed is taken out; what is a command becomes a space', () => {
  assert.equal(printableText('a\u001bb\u200bc¥\ud800'), 'a bc￥\ufffd')
  assert.equal(alignText('ab', 'center', 5), ' ab  ')
})

const anyText = fc.string({ unit: fc.constantFrom('a', ' ', '中', '，', '.', '￥', '-', '7', '𠮷'), maxLength: 80 })

test('wrapping keeps every character but spaces, within the columns', () => {
  fc.assert(fc.property(anyText, fc.integer({ min: 2, max: 48 }), (text, columns) => {
    const lines = wrapText(text, columns)
    for (const line of lines) assert.ok(columnsOf(line) <= columns, `"${line}" in ${columns}`)
    assert.equal(lines.join('').replaceAll(' ', ''), text.replaceAll(' ', ''))
  }))
})

test('cells fill the paper and never exceed it', () => {
  const shares = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 6 })
  fc.assert(fc.property(shares, fc.constantFrom(32, 48), fc.array(anyText), (each, columns, texts) => {
    const widths = cellWidths(each, columns)
    assert.equal(widths.reduce((sum, width) => sum + width, 0), columns - (each.length - 1))
    assert.ok(widths.every((width) => width >= 2))
    const cells = each.map((share, index) =>
      ({ text: texts[index] ?? '', align: 'right' as const, share }))
    for (const line of columnLines(cells, columns)) assert.ok(columnsOf(line) <= columns)
  }))
})

test('pairs never exceed the paper and lose nothing', () => {
  fc.assert(fc.property(anyText, anyText, fc.constantFrom(16, 24, 32, 48), (label, value, columns) => {
    const lines = pairLines(label, value, columns)
    for (const line of lines) assert.ok(columnsOf(line) <= columns, `"${line}"`)
    assert.equal(lines.join('').replaceAll(' ', '').length,
      (label + value).replaceAll(' ', '').length)
  }))
})
