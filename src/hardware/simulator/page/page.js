// The simulator's page: shows what the simulator says and sends what a hand does. No build step, no
// library. State comes whole after each change; only what differs is drawn anew.
import { words } from './words.js'

const byId = (id) => document.getElementById(id)
const chosen = new URLSearchParams(location.search).get('lang') ?? localStorage.getItem('lang') ?? navigator.language
let language = chosen.startsWith('zh') ? 'zh' : 'en'
let state = null
let goods = []
let shownPaper = null
let followsNewest = true
let showsBytes = false
const say = (key) => words[language][key] ?? key

const el = (tag, properties = {}, ...children) => {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith('data-') || name.startsWith('aria-')) element.setAttribute(name, value)
    else element[name] = value
  }
  element.append(...children)
  return element
}

function fail(message) {
  byId('fault').hidden = message === null
  byId('fault').textContent = message ?? ''
}

async function post(path, body) {
  const response = await fetch(path, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
  })
  if (!response.ok) fail((await response.json()).error)
  return response.ok
}

// ── scanner ──────────────────────────────────────────────────────────────────────────────────
const layout = () => document.querySelector('[name="layout"]:checked').value
const odd = [
  ['oddUnknown', '6900000000013'], ['oddCheck', '6901234567890'], ['oddUpc', '036000291452'],
  ['oddWeight', '2100012012345'], ['oddControl', 'A\u001d\u001b@\r\b1'],
  ['oddLong', `https://id.example.com/01/06901234567892/10/LOT-2026?17=270101&n=${'桂花乌龙'.repeat(6)}`],
]

async function scan(text, button) {
  if (text === '') return
  if (await post('/api/scanner/scan', { text, layout: layout() }) && button) {
    const target = button.closest('li') ?? button
    target.classList.add('flash')
    setTimeout(() => target.classList.remove('flash'), 350)
  }
}

function burst(count, intervalMs) {
  const source = goods.length > 0 ? goods.map((each) => each.text) : odd.map(([, text]) => text)
  const texts = Array.from({ length: count }, (_, index) => source[index % source.length])
  return post('/api/scanner/burst', { texts, intervalMs, layout: layout() })
}

function drawGoods() {
  const wanted = byId('goods-filter').value.trim().toLowerCase()
  const found = goods.filter((each) =>
    `${each.nameZh} ${each.nameEn} ${each.text}`.toLowerCase().includes(wanted)).slice(0, 60)
  byId('goods').replaceChildren(...found.map((each) => {
    const name = language === 'zh' ? each.nameZh : each.nameEn
    const button = el('button', { type: 'button', title: name },
      el('span', { className: 'name', textContent: name || each.nameEn }),
      el('span', { className: 'code', textContent: each.text }),
      el('span', { className: 'price', textContent: each.price }))
    button.onclick = () => scan(each.text, button)
    return el('li', {}, button)
  }))
  if (found.length === 0) byId('goods').append(el('li', { className: 'none', textContent: say('noGoods') }))
}

function drawOdd() {
  byId('odd-codes').replaceChildren(...odd.map(([key, text]) => {
    const button = el('button', { type: 'button', textContent: say(key), title: JSON.stringify(text) })
    button.onclick = () => scan(text, button)
    return button
  }))
}

// ── printer ──────────────────────────────────────────────────────────────────────────────────
const sensorFields = [
  ['paperOut', 'paperOut'], ['nearEnd', 'nearEnd'], ['coverOpen', 'coverOpen'], ['offline', 'offline'],
  ['mute', 'mute'], ['plugged', 'printerUnplugged'],
]

function drawSensors() {
  byId('sensors').replaceChildren(...sensorFields.map(([field, key]) => {
    const on = field === 'plugged' ? !state.printer.plugged : state.printer[field]
    const button = el('button', { type: 'button', textContent: say(key), 'aria-pressed': String(on) })
    button.onclick = () => post('/api/printer/state', { [field]: !state.printer[field] })
    return button
  }))
}

function printerWords({ plugged, hosts, coverOpen, paperOut, offline, nearEnd, waitingBytes }) {
  const trouble = !plugged ? 'printerUnplugged' : paperOut ? 'paperOut' : coverOpen ? 'coverOpen'
    : offline ? 'offline' : nearEnd ? 'nearEnd' : null
  const text = trouble !== null ? say(trouble) : hosts > 0 ? say('online') : say('waiting')
  const waits = waitingBytes > 0 ? ` · ${waitingBytes} ${say('bytesWaiting')}` : ''
  return { text: text + waits, lamp: trouble !== null ? 'warn' : hosts > 0 ? 'up' : '' }
}

function drawHistory(ids) {
  const list = byId('papers')
  const shown = new Map([...list.children].map((item) => [item.dataset.id, item]))
  const items = ids.toReversed().map((id) => {
    const item = shown.get(String(id)) ?? el('li', { 'data-id': String(id) })
    if (item.childElementCount === 0) {
      const button = el('button', { type: 'button', 'data-number': String(id), 'aria-label': `${say('papers')} ${id}` },
        el('img', { src: `/api/printer/papers/${id}.svg`, alt: '' }))
      button.onclick = () => {
        followsNewest = id === state.printer.paperIds.at(-1)
        showPaper(id, false)
        drawHistory(state.printer.paperIds)
      }
      item.append(button)
    }
    item.firstChild.setAttribute('aria-current', String(id === shownPaper))
    return item
  })
  list.replaceChildren(...items)
}

async function showPaper(id, fresh) {
  shownPaper = id
  const holder = byId('paper')
  const summary = await (await fetch(`/api/printer/papers/${id}`)).json()
  if (shownPaper !== id) return
  const bytes = el('button', { type: 'button', className: 'quiet', textContent: say(showsBytes ? 'showPicture' : 'showBytes') })
  bytes.onclick = () => {
    showsBytes = !showsBytes
    void showPaper(id, false)
  }
  const facts = [`#${id}`, summary.cut ? say('cut') : null,
    summary.drawerPulses > 0 ? `${say('pulses')} ${summary.drawerPulses}` : null,
    `${summary.rawHex.length / 2} B`].filter(Boolean)
  const line = el('div', { className: 'facts' }, ...facts.map((text) => el('span', { textContent: text })), bytes)
  if (summary.complaints.length > 0) {
    line.append(el('span', { className: 'bad', textContent: `${say('complaints')}: ${summary.complaints.join(', ')}` }))
  }
  const text = summary.lines.map((each) => each.text).join('\n')
  const content = showsBytes
    ? el('pre', { className: 'hex', textContent: summary.rawHex.replaceAll(/(..)/g, '$1 ') })
    : el('img', { src: `/api/printer/papers/${id}.svg`, alt: text, className: fresh ? 'fresh' : '' })
  holder.replaceChildren(...(showsBytes ? [line, content] : [content, line]))
}

function drawPaper() {
  const { paperIds, unfinishedLines, paperWidth } = state.printer
  const holder = byId('paper')
  holder.classList.toggle('narrow', paperWidth === 58)
  if (unfinishedLines > 0 && followsNewest) {
    shownPaper = 'current'
    holder.replaceChildren(
      el('img', { src: `/api/printer/papers/current.svg?${unfinishedLines}`, alt: say('unfinished') }),
      el('div', { className: 'facts' }, el('span', { textContent: say('unfinished') })))
    return
  }
  const newest = paperIds.at(-1)
  if (newest === undefined) {
    shownPaper = null
    holder.replaceChildren(el('div', { className: 'empty' },
      el('strong', { textContent: say('noPaper') }), el('span', { textContent: say('noPaperHint') })))
  } else if (followsNewest && shownPaper !== newest) {
    void showPaper(newest, true)
  }
}

function drawPrinter() {
  const { text, lamp } = printerWords(state.printer)
  byId('printer-state').textContent = text
  byId('printer-led').className = `led ${lamp}`
  byId('paper-width').value = String(state.printer.paperWidth)
  drawSensors()
  drawPaper()
  drawHistory(state.printer.paperIds)
  const open = state.printer.drawerOpen
  byId('drawer').classList.toggle('open', open)
  byId('drawer-note').textContent =
    `${say(open ? 'drawerOpen' : 'drawerClosed')} · ${say('pulses')} ${state.printer.drawerPulses}`
  byId('drawer-button').textContent = say(open ? 'closeDrawer' : 'openDrawer')
}

// ── terminal ─────────────────────────────────────────────────────────────────────────────────
const modes = [
  ['approve', 'modeApprove'], ['decline', 'modeDecline'], ['manual', 'modeManual'],
  ['timeout', 'modeTimeout'], ['lose-answer', 'modeLose'],
]
const stateWords = {
  'in-progress': 'inProgressState', approved: 'approvedState', declined: 'declinedState', reversed: 'reversedState',
}
/** Minor digits by ISO 4217, from the browser's own table. */
function money({ amountMinor, currency }) {
  if (!currency) return '–'
  const format = new Intl.NumberFormat(language === 'zh' ? 'zh-CN' : 'en', {
    style: 'currency', currency, currencyDisplay: 'narrowSymbol',
  })
  const digits = format.resolvedOptions().maximumFractionDigits
  return format.format(amountMinor / 10 ** digits)
}

function drawModes() {
  const legend = byId('modes').firstElementChild
  byId('modes').replaceChildren(legend, ...modes.map(([mode, key]) => {
    const input = el('input', { type: 'radio', name: 'mode', value: mode, checked: state.terminal.mode === mode })
    input.onchange = () => post('/api/terminal', { mode })
    return el('label', {}, input, el('span', { textContent: say(key) }))
  }))
}

function drawTerminal() {
  const { payments, delayMs, plugged, mode } = state.terminal
  const latest = payments[0]
  const waiting = payments.find((payment) => payment.state === 'in-progress')
  const recent = latest && Date.now() - latest.startedAtMs < 60_000 ? latest : undefined
  const payment = waiting ?? recent
  const look = waiting ? 'waiting' : payment?.state === 'approved' ? 'approved' : payment ? 'declined' : ''
  byId('terminal-screen').className = `screen ${look}`
  byId('terminal-caption').textContent = !plugged ? say('unplug') : waiting ? say('present')
    : payment ? say(stateWords[payment.state]) : say('idle')
  byId('terminal-amount').textContent = payment ? money(payment) : ''
  byId('terminal-note').textContent = !payment ? '' : payment.reason ||
    (payment.state === 'approved' ? `${payment.terminalReference} · ${payment.authCode}` : '')
  const decidable = Boolean(waiting) && (mode === 'manual' || mode === 'timeout')
  byId('approve').disabled = byId('decline').disabled = !decidable
  byId('delay').value = String(delayMs)
  byId('delay-shown').textContent = `${(delayMs / 1000).toFixed(1)} s`
  drawModes()
  byId('payments').replaceChildren(...payments.map((each) => el('li', {},
    el('span', { textContent: money(each) }),
    el('span', { className: 'reference', textContent: `${each.terminalReference} · ${each.paymentId.slice(-12)}` }),
    el('span', { className: `state ${each.state}`, textContent: say(stateWords[each.state]) }))))
  if (payments.length === 0) byId('payments').append(el('li', { className: 'none', textContent: say('noPayments') }))
}

// ── all ──────────────────────────────────────────────────────────────────────────────────────
function drawLamps() {
  const lamps = [['scanner', state.scanner.hosts], ['printer', state.printer.hosts], ['terminal', state.terminal.hosts]]
  byId('lamps').replaceChildren(...lamps.map(([key, hosts]) => el('li', {
    className: hosts > 0 ? 'up' : '', textContent: `${say(key)} · ${say(hosts > 0 ? 'online' : 'away')}`,
  })))
}

function drawToggles() {
  for (const button of document.querySelectorAll('.toggle')) {
    const value = state[button.dataset.of][button.dataset.field]
    button.setAttribute('aria-pressed', String(button.dataset.inverse ? !value : value))
  }
}

function draw() {
  if (state === null) return
  drawLamps()
  drawToggles()
  drawPrinter()
  drawTerminal()
}

function drawWords() {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  document.title = `OneCounter · ${say('title')}`
  for (const element of document.querySelectorAll('[data-word]')) element.textContent = say(element.dataset.word)
  for (const element of document.querySelectorAll('[data-placeholder]')) element.placeholder = say(element.dataset.placeholder)
  for (const element of document.querySelectorAll('[data-label]')) element.setAttribute('aria-label', say(element.dataset.label))
  byId('language').textContent = say('language')
  byId('layout-hint').textContent = say(`layout${layout()}`)
  drawOdd()
  drawGoods()
  draw()
}

async function refresh() {
  state = await (await fetch('/api/state')).json()
  draw()
}

byId('scan-form').onsubmit = (event) => {
  event.preventDefault()
  void scan(byId('scan-text').value)
  byId('scan-text').select()
}
byId('layouts').onchange = () => { byId('layout-hint').textContent = say(`layout${layout()}`) }
byId('burst-30').onclick = () => burst(300, 1000 / 30)
byId('burst-fast').onclick = () => burst(200, 0)
byId('goods-filter').oninput = drawGoods
byId('paper-width').onchange = (event) => post('/api/printer/state', { paperWidth: Number(event.target.value) })
byId('clear').onclick = () => {
  followsNewest = true
  void post('/api/printer/clear', {})
}
byId('drawer-button').onclick = () => post('/api/printer/state', { drawerOpen: !state.printer.drawerOpen })
byId('approve').onclick = () => post('/api/terminal/decide', { approved: true })
byId('decline').onclick = () => post('/api/terminal/decide', { approved: false })
byId('delay').onchange = (event) => post('/api/terminal', { delayMs: Number(event.target.value) })
byId('delay').oninput = (event) => {
  byId('delay-shown').textContent = `${(event.target.value / 1000).toFixed(1)} s`
}
byId('language').onclick = () => {
  language = language === 'zh' ? 'en' : 'zh'
  localStorage.setItem('lang', language)
  drawWords()
}
for (const button of document.querySelectorAll('.toggle')) {
  button.onclick = () => post(button.dataset.post, { [button.dataset.field]: !state[button.dataset.of][button.dataset.field] })
}

const events = new EventSource('/api/events')
events.onmessage = () => void refresh()
events.onopen = () => fail(null)
events.onerror = () => fail(say('lost'))
drawWords()
goods = await (await fetch('/api/goods')).json()
drawGoods()
