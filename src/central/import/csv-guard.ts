// Stands between the bytes of a CSV file and the CSV parser. Guarantees that only UTF-8 gets
// through, and that one record never takes more memory than the bound: the rest of a longer one
// is dropped and marked, so that its row is refused and the next one is read.
import { Transform } from 'node:stream'

/** Stands in a field whose record was cut; `\0` keeps it apart from anything a file may hold. */
export const cutMark = '\0cut\0'
export const recordLengthAtMost = 64 * 1024

export class WrongEncoding extends Error {
  readonly hint: string
  constructor(hint: string) {
    super(`the file is not UTF-8 (${hint})`)
    this.hint = hint
  }
}

/** A quote that is never closed swallows the rest of the file: the file cannot be judged. */
export class QuoteNotClosed extends Error {
  constructor() {
    super('a quote is opened and never closed')
  }
}

const quote = 34
const comma = 44
const lineFeed = 10

export const csvGuard = (): Transform => {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const bound = recordBound()
  let first = true
  return new Transform({
    readableObjectMode: false,
    transform(chunk: Buffer, _encoding, done) {
      try {
        if (first) refuseUtf16(chunk)
        first = false
        done(null, bound.pass(decoder.decode(chunk, { stream: true })))
      } catch (error) {
        done(error instanceof WrongEncoding ? error : new WrongEncoding(guessEncoding(chunk)))
      }
    },
    flush(done) {
      try {
        const rest = bound.pass(decoder.decode())
        if (bound.isInQuotes()) done(new QuoteNotClosed())
        else done(null, rest)
      } catch {
        done(new WrongEncoding('it ends in the middle of a character'))
      }
    },
  })
}

const refuseUtf16 = (chunk: Buffer): void => {
  const mark = chunk.subarray(0, 2).toString('hex')
  if (mark === 'fffe' || mark === 'feff') throw new WrongEncoding(
    'it looks like UTF-16; save it as UTF-8'
  )
}

const guessEncoding = (chunk: Buffer): string => {
  const text = new TextDecoder('gb18030').decode(chunk)
  const chinese = text.match(/\p{Script=Han}/gu)?.length ?? 0
  const damaged = text.match(/\uFFFD/g)?.length ?? 0
  return chinese > 0 && damaged <= 1
    ? 'it looks like GB18030/GBK; save it as "CSV UTF-8"'
    : 'save it as "CSV UTF-8"'
}

/** Follows quotes and line ends as RFC 4180 has them, to know where a record ends. */
const recordBound = () => {
  let length = 0
  let cut = false
  let quoted = false
  let atFieldStart = true
  let afterQuote = false
  const endsRecord = (char: number): boolean => {
    if (quoted) {
      afterQuote = char === quote
      quoted = !afterQuote
    } else {
      quoted = char === quote && (atFieldStart || afterQuote)
      afterQuote = false
    }
    const ends = !quoted && char === lineFeed
    atFieldStart = ends || (!quoted && char === comma)
    return ends
  }
  return {
    isInQuotes: () => quoted,
    pass: (text: string): string => {
      let kept = ''
      let from = 0
      for (let at = 0; at < text.length; at += 1) {
        if (endsRecord(text.charCodeAt(at))) {
          if (cut) from = at
          cut = false
          length = 0
        } else {
          length += 1
          if (!cut && length > recordLengthAtMost) {
            kept += text.slice(from, at) + cutMark + (quoted || afterQuote ? '"' : '')
            cut = true
          }
        }
      }
      return cut ? kept : kept + text.slice(from)
    },
  }
}
