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

export const inspect = (page: Page, options: InspectOptions): Promise<Finding[]> =>
  page.evaluate(inspectInPage, options)

/** Runs in the page: may use nothing from outside. */
function inspectInPage({ language, names }: InspectOptions): Finding[] {
  const findings: Finding[] = []
  const say = (rule: string, what: string): void => {
    if (!findings.some((one) => one.rule === rule && one.what === what)) findings.push({ rule, what })
  }
  const visible = (element: Element): boolean => {
    const style = getComputedStyle(element)
    const box = element.getBoundingClientRect()
    return style.visibility !== 'hidden' && style.display !== 'none' && box.width > 1 && box.height > 1
      && element.closest('.visually-hidden') === null
  }
  const short = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 70)
  const where = (element: Element): string => {
    const marked = element.closest('[data-testid]')
    return `${marked?.getAttribute('data-testid') ?? element.tagName.toLowerCase()}: ${short(element.textContent || element.getAttribute('aria-label') || '')}`
  }

  const texts: { text: string; element: Element }[] = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement
    const text = node.textContent?.trim() ?? ''
    if (element && text !== '' && visible(element)) texts.push({ text, element })
  }
  for (const element of document.querySelectorAll('[aria-label], [placeholder], [title]')) {
    for (const name of ['aria-label', 'placeholder', 'title']) {
      const text = element.getAttribute(name)
      if (text) texts.push({ text, element })
    }
  }

  for (const { text, element } of texts) {
    if (/\b(?:frame|session|sell|tender|sale|cash|todo|status|keys)\.[a-zA-Z]/.test(text)) say('message key', text)
    if (/\{\{|\}\}|\bundefined\b|\bNaN\b|\[object|\bnull\b/.test(text)) say('hole in a text', text)
    // Names in their own language, papers, and initials in a badge beside the name.
    const own = element.closest('[data-testid=receipt-paper], [lang]:not(html), [aria-hidden=true]') !== null
    const rest = names.reduce((left, name) => left.replaceAll(name, ''), text).replace('中文', '')
    if (language === 'en' && !own && /[\u3400-\u9fff\uff01-\uff5e\u3001\u3002]/.test(rest)) say('Chinese in English', short(text))
    if (language === 'zh-CN' && !own && /[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}/.test(rest)) say('English in Chinese', short(text))
  }

  const root = document.documentElement
  if (root.scrollWidth > root.clientWidth) say('sideways scroll', `page ${root.scrollWidth} > ${root.clientWidth}`)
  for (const element of document.body.querySelectorAll('*')) {
    if (!visible(element)) continue
    const { overflowX } = getComputedStyle(element)
    if ((overflowX === 'auto' || overflowX === 'scroll') && element.scrollWidth > element.clientWidth + 1) {
      say('sideways scroll', `${where(element)} ${element.scrollWidth} > ${element.clientWidth}`)
    }
    const box = element.getBoundingClientRect()
    const scrolled = element.closest('[style*="overflow"], ul, ol, table') !== null
    if (!scrolled && box.left < innerWidth && box.right > innerWidth + 1) say('beyond the edge', where(element))
  }

  const touchable = 'button, a[href], input, select, textarea, [role=button], [role=option], [role=radio]'
  for (const element of document.querySelectorAll<HTMLElement>(touchable)) {
    if (!visible(element) || element.closest('[aria-hidden=true]')) continue
    const labelled = (element.getAttribute('aria-labelledby') ?? '').split(' ')
      .map((id) => document.getElementById(id)?.textContent ?? '').join('')
    const labels = element instanceof HTMLInputElement
      ? [...element.labels ?? []].map((label) => label.textContent).join('') : ''
    const name = element.getAttribute('aria-label') || labelled || labels || element.textContent
    if (!name?.trim()) say('no name', element.outerHTML.slice(0, 120))
    // A radio's target is the label around it.
    const target = element instanceof HTMLInputElement && element.type === 'radio'
      ? element.closest('label') ?? element : element
    const box = target.getBoundingClientRect()
    if (box.width < 43.5 || box.height < 43.5) say('small target', `${where(element)} ${Math.round(box.width)}×${Math.round(box.height)}`)
    if (element.matches('button') && element.scrollWidth > element.clientWidth + 1) say('cut off', where(element))
  }

  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  const pixel = (colour: string): number[] => {
    if (!canvas) return [0, 0, 0, 255]
    canvas.clearRect(0, 0, 1, 1)
    canvas.fillStyle = colour
    canvas.fillRect(0, 0, 1, 1)
    return [...canvas.getImageData(0, 0, 1, 1).data]
  }
  const over = (top: number[], ground: number[]): number[] => {
    const share = (top[3] ?? 255) / 255
    return [0, 1, 2].map((at) => (top[at] ?? 0) * share + (ground[at] ?? 0) * (1 - share)).concat(255)
  }
  const groundOf = (element: Element | null): number[] => {
    if (element === null) return [255, 255, 255, 255]
    const own = pixel(getComputedStyle(element).backgroundColor)
    return own[3] === 255 ? own : over(own, groundOf(element.parentElement))
  }
  const light = (colour: number[]): number => [0.2126, 0.7152, 0.0722].reduce((sum, weight, at) => {
    const part = (colour[at] ?? 0) / 255
    return sum + weight * (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
  }, 0)
  for (const { element } of texts) {
    if (element.closest('[disabled], [aria-disabled=true], [aria-hidden=true], svg') || !visible(element)) continue
    const style = getComputedStyle(element)
    const ground = groundOf(element)
    const [a, b] = [light(over(pixel(style.color), ground)), light(ground)].toSorted((x, y) => y - x)
    const ratio = ((a ?? 0) + 0.05) / ((b ?? 0) + 0.05)
    const size = parseFloat(style.fontSize)
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700)
    if (ratio < (large ? 3 : 4.5)) say('faint', `${where(element)} ${ratio.toFixed(1)}:1 (${Math.round(size)}px)`)
  }
  return findings
}
