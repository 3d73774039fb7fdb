// How a product's texts become search tokens, and how a person's words become a query over them.
// Pure: the index (worker) and the query (main thread) agree because both use these functions.
// Tokens hold only letters and digits, so nothing a person types can act as a query operator.

/** Scripts written without spaces between words: every character and every pair is a token. */
const cjk = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3005\u3007\u30fc`
const runPattern = new RegExp(`[${cjk}]+|(?:(?![${cjk}])[\\p{L}\\p{N}])+`, 'gu')
const cjkPattern = new RegExp(`[${cjk}]`, 'u')
const plainAscii = /^[\x20-\x7e]*$/
const letterDigitBoundary = /(?<=\p{N})(?=\p{L})|(?<=\p{L})(?=\p{N})/u

export const maxQueryLength = 64
export const maxQueryTerms = 8

/** Lower case, full width as half width, without accents. Idempotent. */
export function normaliseText(text: string): string {
  if (plainAscii.test(text)) return text.toLowerCase()
  return text.toWellFormed().normalize('NFKD').replace(/\p{Mn}+/gu, '').toLowerCase()
    .normalize('NFKC')
}

/** A code as it is compared: its letters and digits only. */
export function normaliseCode(code: string): string {
  return (normaliseText(code).match(/[\p{L}\p{N}]+/gu) ?? []).join('')
}

/** Digits of 8, 12, 13 or 14 as a GTIN of 14; null for anything else. The check digit is not judged. */
export function gtin14(digits: string): string | null {
  return /^(?:\d{8}|\d{12,14})$/.test(digits) ? digits.padStart(14, '0') : null
}

/** The form under which a barcode is looked up: GTINs at one length, other codes as printed. */
export function barcodeKey(barcode: string): string {
  return gtin14(barcode) ?? barcode
}

export type SearchableProduct = {
  code: string
  name: Readonly<Record<string, string>>
  barcodes: readonly string[]
  pinyin: string
  initials: string
}

/** Every distinct token of a product, separated by spaces. */
export function searchTokens(product: SearchableProduct): string {
  const tokens = new Set<string>()
  for (const name of Object.values(product.name)) addNameTokens(tokens, name)
  addNameTokens(tokens, product.code)
  const code = normaliseCode(product.code)
  if (code !== '') tokens.add(code)
  for (const barcode of product.barcodes) {
    const key = normaliseCode(barcode)
    if (key !== '') tokens.add(key)
  }
  addPinyinTokens(tokens, normaliseCode(product.pinyin), normaliseCode(product.initials))
  return [...tokens].join(' ')
}

/** The names' runs of Han (and Kana), separated by spaces: what a phrase of three or more is
 * verified against. */
export function unspacedText(name: Readonly<Record<string, string>>): string {
  const runs: string[] = []
  for (const text of Object.values(name)) {
    for (const run of normaliseText(text).match(runPattern) ?? []) {
      if (cjkPattern.test(run)) runs.push(run)
    }
  }
  return runs.join(' ')
}

function addNameTokens(tokens: Set<string>, text: string): void {
  for (const run of normaliseText(text).match(runPattern) ?? []) {
    if (cjkPattern.test(run)) {
      const characters = Array.from(run)
      characters.forEach((character, index) => {
        tokens.add(character)
        const next = characters[index + 1]
        if (next !== undefined) tokens.add(character + next)
      })
      continue
    }
    tokens.add(run)
    // 'ab500ml' is also found by '500' and by 'ml'.
    const parts = run.split(letterDigitBoundary)
    for (let index = 1; index < parts.length; index += 1) tokens.add(parts.slice(index).join(''))
  }
}

/** The whole pinyin and initials, and what remains of them from each later syllable on, so that
 * 'kele' and 'kl' find 'kekoukele'. */
function addPinyinTokens(tokens: Set<string>, pinyin: string, initials: string): void {
  if (pinyin !== '') tokens.add(pinyin)
  if (initials !== '') tokens.add(initials)
  for (let index = 1; index < initials.length - 1; index += 1) tokens.add(initials.slice(index))
  for (const start of syllableStarts(pinyin, initials)) tokens.add(pinyin.slice(start))
}

const syllable = /^(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?(?:[aeiouv]{1,4}(?:ng|n|r)?)$|^(?:m|n|ng|\d)$/

/** Where the second and later syllables of unspaced pinyin begin; the initials decide between
 * readings. Empty when the two do not fit together. */
export function syllableStarts(pinyin: string, initials: string): number[] {
  const dead = new Set<number>()
  const width = initials.length + 1
  const walk = (position: number, index: number): number[] | null => {
    if (index === initials.length) return position === pinyin.length ? [] : null
    if (dead.has(position * width + index) || pinyin[position] !== initials[index]) return null
    for (let length = Math.min(6, pinyin.length - position); length >= 1; length -= 1) {
      // Latin letters and digits of a name ('2L', '500ml') stand in both as they are, one by one.
      if (length > 1 && !syllable.test(pinyin.slice(position, position + length))) continue
      const rest = walk(position + length, index + 1)
      if (rest !== null) return [position, ...rest]
    }
    dead.add(position * width + index)
    return null
  }
  if (initials.length < 2 || initials.length > 60 || pinyin.length > 240) return []
  return walk(0, 0)?.slice(1) ?? []
}

/** Beginnings of words up to this length have an index of their own. */
export const indexedPrefixLength = 5

export type SearchQuery = {
  /** Full text search expression; empty when the text holds nothing to look for. */
  match: string
  /** The same with every word cut to what is indexed: quicker where many words begin so. */
  shortMatch: string
  /** Words that were cut: a product found by `shortMatch` must have a token that begins so. */
  cut: string[]
  /** Each must be a substring of the product's unspaced text. */
  phrases: string[]
}

/** What `text` asks for: every term must be found (words by prefix, Han by substring). */
export function parseQuery(text: string, splitAtDigits = false): SearchQuery {
  const terms = new Map<string, string>()
  const cut: string[] = []
  const phrases: string[] = []
  const bounded = text.slice(0, maxQueryLength)
  const addWord = (word: string): void => {
    if (terms.size >= maxQueryTerms) return
    const short = Array.from(word).slice(0, indexedPrefixLength).join('')
    if (short !== word) cut.push(word)
    terms.set(`"${word}"*`, `"${short}"*`)
  }
  const addExact = (token: string): void => {
    if (terms.size < maxQueryTerms) terms.set(`"${token}"`, `"${token}"`)
  }
  for (const run of normaliseText(bounded).match(runPattern) ?? []) {
    if (!cjkPattern.test(run)) {
      (splitAtDigits ? run.split(letterDigitBoundary) : [run]).forEach(addWord)
      continue
    }
    const characters = Array.from(run)
    if (characters.length === 1) addExact(run)
    if (characters.length > 2) phrases.push(run)
    for (let index = 0; index + 1 < characters.length; index += 1) {
      addExact(`${characters[index]}${characters[index + 1]}`)
    }
  }
  return {
    match: [...terms.keys()].join(' AND '), shortMatch: [...new Set(terms.values())].join(' AND '),
    cut, phrases,
  }
}

const popularityBits = 24
const slotBits = 24
export const slotCount = 2 ** slotBits
const floatView = new DataView(new ArrayBuffer(4))

/** First possible place of a popularity in the index: the more popular, the smaller. The upper
 * bits of a 32-bit float keep the order at any size, exactly up to 131,072. */
export function popularityBase(popularity: number): number {
  floatView.setFloat32(0, Math.min(3e38, Math.max(0, Number.isNaN(popularity) ? 0 : popularity)))
  return (2 ** popularityBits - 1 - (floatView.getUint32(0) >>> 7)) * slotCount
}

/** The preferred slot of an id among equals: the same on every station (FNV-1a, mixed). */
export function preferredSlot(id: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < id.length; index += 1) {
    hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return (hash ^ (hash >>> 13)) >>> (32 - slotBits)
}
