// Made-up products, prices and stock in any number, the same for the same number every time.
import type {
  PriceDocument, ProductDocument, ReferenceDocument, StockDocument,
} from '#domain/catalogue.ts'

const syllables: [string, string][] = [
  ['可', 'ke'], ['口', 'kou'], ['乐', 'le'], ['康', 'kang'], ['师', 'shi'], ['傅', 'fu'], ['红', 'hong'],
  ['烧', 'shao'], ['牛', 'niu'], ['肉', 'rou'], ['面', 'mian'], ['农', 'nong'], ['夫', 'fu'], ['山', 'shan'],
  ['泉', 'quan'], ['矿', 'kuang'], ['水', 'shui'], ['王', 'wang'], ['老', 'lao'], ['吉', 'ji'], ['凉', 'liang'],
  ['茶', 'cha'], ['雪', 'xue'], ['碧', 'bi'], ['奥', 'ao'], ['利', 'li'], ['饼', 'bing'], ['干', 'gan'],
  ['洗', 'xi'], ['衣', 'yi'], ['液', 'ye'], ['洁', 'jie'], ['柔', 'rou'], ['抽', 'chou'], ['纸', 'zhi'],
  ['蒙', 'meng'], ['伊', 'yi'], ['纯', 'chun'], ['奶', 'nai'], ['酸', 'suan'], ['薯', 'shu'], ['片', 'pian'],
  ['海', 'hai'], ['鲜', 'xian'], ['酱', 'jiang'], ['油', 'you'],
]
const words = [
  'organic', 'green', 'tea', 'cola', 'classic', 'instant', 'noodles', 'beef', 'spring', 'water',
  'sparkling', 'lemon', 'crackers', 'cookies', 'laundry', 'liquid', 'soft', 'tissue', 'pure', 'milk',
  'yogurt', 'potato', 'chips', 'seafood', 'soy', 'sauce', 'dark', 'chocolate', 'bar', 'roasted',
]
const sizes = ['100g', '250ml', '330ml', '500ml', '1.5l', '2kg', '12x50g']

/** A small generator with a seed; the sequence is part of the tests. */
export function seededRandom(seed: number): (bound: number) => number {
  let state = seed >>> 0
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * bound)
  }
}

/** EAN-13 with its check digit, inside the range that is free for a store's own use. */
export function sampleBarcode(index: number): string {
  const digits = `20${String(index).padStart(10, '0')}`
  const sum = [...digits].reduce((total, digit, at) => total + Number(digit) * (at % 2 ? 3 : 1), 0)
  return digits + String((10 - (sum % 10)) % 10)
}

export function sampleProduct(index: number): ProductDocument {
  const random = seededRandom(index * 7_919 + 1)
  const han = Array.from({ length: 3 + random(6) }, () => syllables[random(syllables.length)]!)
  const size = sizes[random(sizes.length)]!
  const english = Array.from({ length: 2 + random(3) }, () => words[random(words.length)]!)
  return {
    id: `p-${String(index).padStart(7, '0')}`,
    code: `C${100_000 + index}`,
    name: {
      zh: `${han.map(([character]) => character).join('')}${size}`,
      en: `${english.join(' ')} ${size}`,
    },
    barcodes: [sampleBarcode(index)],
    pinyin: han.map(([, sound]) => sound).join(''),
    initials: han.map(([, sound]) => sound[0]).join(''),
    kind: 'goods', unit: 'piece', taxCode: 'standard', departmentId: `d-${random(12)}`,
    popularity: Math.floor(1_000_000 / (1 + random(100_000))),
    quickKey: index < 12 ? index : null,
    minimumAge: 0,
  }
}

export function samplePrice(storeId: string, index: number, unitPriceMicro?: number): PriceDocument {
  const productId = sampleProduct(index).id
  return {
    id: `${storeId}:${productId}`, storeId, productId,
    unitPriceMicro: unitPriceMicro ?? (100 + (index % 9_900)) * 10_000,
  }
}

export function sampleStock(storeId: string, index: number): StockDocument {
  const productId = sampleProduct(index).id
  return {
    id: `${storeId}:${productId}`, storeId, productId, onHandMilli: (index % 100) * 1_000,
    includedSeq: {}, asOfMs: 1_700_000_000_000,
  }
}

export function sampleReferences(): ReferenceDocument[] {
  return [
    {
      id: 'department:d-1', type: 'department',
      body: { departmentId: 'd-1', name: { zh: '食品', en: 'Food' }, taxCode: 'standard' },
    },
    {
      id: 'reason:damaged', type: 'reason',
      body: { reasonCode: 'damaged', use: 'line-discount', name: { zh: '破损', en: 'Damaged' } },
    },
  ]
}
