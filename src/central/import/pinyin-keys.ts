// Full pinyin and initials of a product's Chinese name, for search at the till. Central computes
// them once, so that no till carries the dictionary.
import { pinyin } from 'pinyin-pro'

const chinese = /\p{Script=Han}/u
const kept = /[^a-z0-9]+/g

/** '农夫山泉 550ml' → { pinyin: 'nongfushanquan550ml', initials: 'nfsq550ml' }; '' without Chinese. */
export const pinyinKeys = (name: string): { pinyin: string; initials: string } => {
  if (!chinese.test(name)) return { pinyin: '', initials: '' }
  const syllables = pinyin(name, { toneType: 'none', type: 'array', nonZh: 'consecutive', v: true })
  const clean = syllables.map((syllable) => syllable.toLowerCase().replaceAll(kept, ''))
  return {
    pinyin: clean.join(''),
    initials: initialsOf(name, clean),
  }
}

/** First letter of each Chinese character; Latin runs stay whole, as people type them. */
const initialsOf = (name: string, syllables: string[]): string => {
  const parts = name.match(/\p{Script=Han}|\P{Script=Han}+/gu) ?? []
  return parts.map((part, index) =>
    chinese.test(part) ? (syllables[index] ?? '').slice(0, 1) : part.toLowerCase().replaceAll(kept, ''),
  ).join('')
}
