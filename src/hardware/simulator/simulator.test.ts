// The simulator itself: it must be strict where a real device is, or it would hide mistakes.
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { code128Bars } from '#hardware/simulator/code128-picture.ts'
import { createInterpreter, type Interpreter } from '#hardware/simulator/escpos-interpreter.ts'
import { paperSummary, type Paper } from '#hardware/simulator/paper.ts'
import { paperSvg } from '#hardware/simulator/paper-picture.ts'
import { buildReports } from '#hardware/simulator/report-builder.ts'
import { crc16 } from '#hardware/simulator/terminal-frames.ts'
import { runSimulator, type RunningSimulator } from '#testing/hardware/simulator.ts'

let simulator: RunningSimulator
before(async () => { simulator = await runSimulator() })
after(async () => { await simulator?.stop() })

function printer(dots = 576): { papers: Paper[]; replies: string[]; interpreter: Interpreter } {
  const papers: Paper[] = []
  const replies: string[] = []
  const interpreter = createInterpreter(() => dots, {
    onPaper: (paper) => papers.push(paper), onPulse: () => undefined, blocked: () => false,
    onAutomaticStatus: () => undefined, onSensorRequest: (kind) => replies.push(kind),
    reply: (bytes) => replies.push(Buffer.from(bytes).toString('hex')), onPrinted: () => undefined,
  })
  return { papers, replies, interpreter }
}
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')

test('Chinese without Chinese mode comes out as garbage, as on the real thing', () => {
  const { papers, interpreter } = printer()
  interpreter.push(hex('1b40 c4e3bac3 0a 1c26 c4e3bac3 0a 1c2e 1d5600'))
  assert.deepEqual(papers[0] && paperSummary(papers[0]).lines.map((line) => line.text), ['─π║├', '你好'])
})

test('ESC ! doubles Latin only, GS ! both; too long a line wraps', () => {
  const { papers, interpreter } = printer(96)
  interpreter.push(hex('1b40 1c26 1b2130 41 c4e3 0a 1d2111 c4e3bac3 41 0a 1d5600'))
  const lines = papers[0]?.elements.filter((element) => element.kind === 'line') ?? []
  assert.deepEqual(lines.map((line) => [line.text, line.widthDots]), [['A你', 48], ['你好', 96], ['A', 24]])
})

test('what it does not know is a complaint; a short drawer pulse swallows what follows', () => {
  const { papers, interpreter } = printer()
  interpreter.push(hex('1b40 1bff 1b7000 4142 43 0a 1d5600'))
  assert.deepEqual(papers[0]?.complaints, ['unknown command 1bff'])
  assert.equal(papers[0] && paperSummary(papers[0]).lines[0]?.text, 'C')
})

test('bytes one by one give the same paper; requests are answered in their place', () => {
  const job = hex('1b40 1c26 c4e3 0a 1d286b0600 31503041420a 1d286b0300315130 1d7201 1d28480600303030303432 1d564203')
  const whole = printer()
  whole.interpreter.push(job)
  const split = printer()
  for (const byte of job) split.interpreter.push(Uint8Array.of(byte))
  assert.deepEqual(split.papers, whole.papers)
  assert.deepEqual(split.replies, ['paper', '37223030343200'])
  assert.deepEqual(whole.papers[0] && paperSummary(whole.papers[0]).qr, ['AB\n'])
})

test('Code 128: every pattern is eleven modules, the check is right', () => {
  const bars = code128Bars('{BPJJ123C')
  assert.equal(bars?.text, 'PJJ123C')
  const modules = bars?.widths.reduce((sum, width) => sum + width, 0)
  assert.equal(modules, 11 * (1 + 7 + 1) + 13)
  // Start B, PJJ123C, check 55 as in the worked example of the symbology's description.
  assert.equal(bars?.widths.slice(6 * 8, 6 * 9).join(''), '311321')
  assert.equal(code128Bars('no code set'), null)
})

test('reports: 64 bytes, the id, more-follows on all but the last', () => {
  const reports = buildReports('x'.repeat(113), 'B', ']Q1')
  assert.deepEqual(reports.map((report) => [report.length, report[0], report[1], report[63]]),
    [[64, 2, 56, 1], [64, 2, 56, 1], [64, 2, 1, 0]])
  assert.equal(crc16(Buffer.from('123456789')), 0x29b1)
})

test('a paper cannot smuggle markup into its picture', () => {
  const { papers, interpreter } = printer()
  interpreter.push(Buffer.concat([hex('1b40'), Buffer.from('<script>&"\n'), hex('1d5600')]))
  const svg = papers[0] ? paperSvg(papers[0], 80) : ''
  assert.ok(!svg.includes('<script') && svg.includes('&#60;'))
})

test('the API refuses what makes no sense, by name, and foreign pages', async () => {
  await assert.rejects(simulator.post('/api/scanner/scan', {}), /400 .*text: expected a text/)
  await assert.rejects(simulator.post('/api/terminal', { mode: 'x' }), /mode: expected one of approve/)
  await assert.rejects(simulator.post('/api/nothing', {}), /404/)
  const url = `http://127.0.0.1:${simulator.ports.http}/api/terminal`
  const foreign = await fetch(url, { method: 'POST', headers: { origin: 'http://evil.example' }, body: '{}' })
  assert.equal(foreign.status, 403)
})

test('the page and its parts are served, nothing else is', async () => {
  const base = `http://127.0.0.1:${simulator.ports.http}`
  for (const path of ['/', '/page.js', '/page.css', '/words.js', '/api/goods', '/api/printer/papers/current.svg']) {
    const response = await fetch(base + path)
    assert.equal(response.status, 200, path)
    assert.match(response.headers.get('content-security-policy') ?? '', /default-src 'none'/)
  }
  assert.equal((await fetch(`${base}/..%2fmain.ts`)).status, 404)
})

test('real-time status is answered while paper is out', async () => {
  await simulator.post('/api/printer/state', { paperOut: true, drawerOpen: true })
  const socket = connect(simulator.ports.printer, '127.0.0.1')
  const answer = new Promise<string>((resolve) => {
    let got = ''
    socket.on('data', (bytes) => {
      got += bytes.toString('hex')
      if (got.length >= 6) resolve(got)
    })
  })
  socket.write(hex('414243 0a 1004'))
  socket.write(hex('01 100402 100404'))
  assert.equal(await answer, '1e327e')
  socket.destroy()
  await simulator.post('/api/printer/state', { paperOut: false, drawerOpen: false })
})
