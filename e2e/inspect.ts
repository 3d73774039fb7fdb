// What must hold on every screen, whatever it shows: no message key or hole in a text, no word of
// the other language, nothing cut off or reached only by scrolling sideways, a name and a size for
// everything that can be touched, and letters that stand out from their ground.
import type { Page } from '@playwright/test'

export type Finding = { rule: string; what: string }

export type InspectOptions = {
  language: 'zh-CN' | 'en'
  /** Names of people, which are not translated. */
  names: readonly string[]
}

export const inspect = async (page: Page, options: InspectOptions): Promise<Finding[]> => {
  const found = [
    await page.evaluate(inspectTexts, options), await page.evaluate(inspectPlaces),
    await page.evaluate(inspectContrast),
  ].flat()
  return [...new Map(found.map((one) => [`${one.rule} ${one.what}`, one])).values()]
}

// These run in the page and may use nothing from outside.

function inspectTexts({ language, names }: InspectOptions): Finding[] {
  const findings: Finding[] = []
  const texts: { text: string; element: Element }[] = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement
    const text = node.textContent?.trim() ?? ''
    if (element?.checkVisibility() && text !== '') texts.push({ text, element })
  }
  for (const element of document.querySelectorAll('[aria-label], [placeholder], [title]')) {
    for (const name of ['aria-label', 'placeholder', 'title']) {
      const text = element.getAttribute(name)
      if (text) texts.push({ text, element })
    }
  }
  const key = /\b(?:frame|session|sell|tender|sale|cash|todo|status|keys)\.[a-zA-Z]/
  const hole = /\{\{|\}\}|\bundefined\b|\bNaN\b|\[object|\bnull\b/
  const chinese = /[\u3400-\u9fff\uff01-\uff5e\u3001\u3002]/
  const english = /[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}/
  // Names in their own language, papers, and initials in a badge beside the name.
  const foreign = '[data-testid=receipt-paper], [lang]:not(html), [aria-hidden=true]'
  for (const { text, element } of texts) {
    const what = text.replace(/\s+/g, ' ').slice(0, 70)
    if (key.test(text)) findings.push({ rule: 'message key', what })
    if (hole.test(text)) findings.push({ rule: 'hole in a text', what })
    if (element.closest(foreign) !== null) continue
    const rest = names.reduce((left, name) => left.replaceAll(name, ''), text).replace('中文', '')
    if (language === 'en' && chinese.test(rest)) {
      findings.push({ rule: 'Chinese in English', what })
    }
    if (language === 'zh-CN' && english.test(rest)) {
      findings.push({ rule: 'English in Chinese', what })
    }
  }
  return findings
}

function inspectPlaces(): Finding[] {
  const findings: Finding[] = []
  const where = (element: Element): string => {
    const marked = element.closest('[data-testid]')?.getAttribute('data-testid')
    const text = element.textContent || element.getAttribute('aria-label') || ''
    return `${marked ?? element.tagName}: ${text.replace(/\s+/g, ' ').trim().slice(0, 60)}`
  }
  const seen = (element: Element): boolean => {
    const box = element.getBoundingClientRect()
    return element.checkVisibility() && box.width > 1 && box.height > 1
      && element.closest('.visually-hidden, [aria-hidden=true]') === null
  }
  const root = document.documentElement
  if (root.scrollWidth > root.clientWidth) {
    findings.push({ rule: 'sideways scroll', what: `page of ${root.scrollWidth}` })
  }
  for (const element of [...document.body.querySelectorAll('*')].filter(seen)) {
    const tooWide = element.scrollWidth > element.clientWidth + 1
    const scrolls = ['auto', 'scroll'].includes(getComputedStyle(element).overflowX)
    if (tooWide && scrolls) findings.push({ rule: 'sideways scroll', what: where(element) })
    if (tooWide && element.matches('button')) {
      findings.push({ rule: 'cut off', what: where(element) })
    }
    const box = element.getBoundingClientRect()
    if (box.left < innerWidth && box.right > innerWidth + 1) {
      findings.push({ rule: 'beyond the edge', what: where(element) })
    }
  }
  const touchable =
    'button, a[href], input, select, textarea, [role=button], [role=option], [role=radio]'
  for (const element of [...document.querySelectorAll<HTMLElement>(touchable)].filter(seen)) {
    const labelled = (element.getAttribute('aria-labelledby') ?? '').split(' ')
      .map((id) => document.getElementById(id)?.textContent ?? '').join('')
    const labels = element instanceof HTMLInputElement
      ? [...element.labels ?? []].map((label) => label.textContent).join('') : ''
    const name = element.getAttribute('aria-label') || labelled || labels || element.textContent
    if (!name?.trim()) findings.push({ rule: 'no name', what: element.outerHTML.slice(0, 120) })
    // A radio's target is the label around it.
    const isRadio = element instanceof HTMLInputElement && element.type === 'radio'
    const { width, height } = (isRadio ? element.closest('label') ?? element : element)
      .getBoundingClientRect()
    if (width < 43.5 || height < 43.5) {
      const size = `${Math.round(width)}×${Math.round(height)}`
      findings.push({ rule: 'small target', what: `${where(element)} ${size}` })
    }
  }
  return findings
}

function inspectContrast(): Finding[] {
  const findings: Finding[] = []
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  type Colour = [red: number, green: number, blue: number, share: number]
  const pixel = (colour: string): Colour => {
    if (!canvas) return [0, 0, 0, 1]
    canvas.clearRect(0, 0, 1, 1)
    canvas.fillStyle = colour
    canvas.fillRect(0, 0, 1, 1)
    const [red = 0, green = 0, blue = 0, alpha = 255] = canvas.getImageData(0, 0, 1, 1).data
    return [red, green, blue, alpha / 255]
  }
  const over = (top: Colour, ground: Colour): Colour => {
    const mix = (at: 0 | 1 | 2): number => top[at] * top[3] + ground[at] * (1 - top[3])
    return [mix(0), mix(1), mix(2), 1]
  }
  const groundOf = (element: Element | null): Colour => {
    if (element === null) return [255, 255, 255, 1]
    const own = pixel(getComputedStyle(element).backgroundColor)
    return own[3] === 1 ? own : over(own, groundOf(element.parentElement))
  }
  const light = ([red, green, blue]: Colour): number => {
    const part = (value: number): number =>
      value <= 10.31 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4
    return 0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue)
  }
  const leaves = [...document.body.querySelectorAll('*')].filter((element) =>
    element.checkVisibility()
    && [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim())
    && !element.closest('[disabled], [aria-disabled=true], [aria-hidden=true], .visually-hidden'))
  for (const element of leaves) {
    const style = getComputedStyle(element)
    const ground = groundOf(element)
    const lights = [light(over(pixel(style.color), ground)), light(ground)]
    const ratio = (Math.max(...lights) + 0.05) / (Math.min(...lights) + 0.05)
    const size = parseFloat(style.fontSize)
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700)
    if (ratio >= (large ? 3 : 4.5)) continue
    const marked = element.closest('[data-testid]')?.getAttribute('data-testid') ?? ''
    const text = (element.textContent ?? '').replace(/\s+/g, ' ').trim().slice(0, 60)
    findings.push({ rule: 'faint', what: `${marked}: ${text} ${ratio.toFixed(1)}:1` })
  }
  return findings
}
