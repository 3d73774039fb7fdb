// The escpos package, reached the one way that works: its printer over an adapter in memory. Only
// text, align, style, size, feed and cut are used; what it gets wrong goes through raw bytes.
// Its index, adapters, cashdraw, qrcode, barcode, table and image are never touched.
import { createRequire } from 'node:module'

export type EscposPrinter = {
  buffer: { write(bytes: Buffer): unknown; flush(): Buffer }
  hardware(what: 'init'): EscposPrinter
  text(content: string): EscposPrinter
  align(align: 'lt' | 'ct' | 'rt'): EscposPrinter
  style(style: 'b' | 'normal'): EscposPrinter
  size(width: 1 | 2, height: 1 | 2): EscposPrinter
  feed(lines: number): EscposPrinter
  cut(partial: boolean, feedLines: number): EscposPrinter
}
type EscposConstructor = new (
  adapter: { write(bytes: Buffer): void }, options: { encoding: string },
) => EscposPrinter

export function createEscposPrinter(encoding: string): EscposPrinter {
  const load = createRequire(import.meta.url)
  const Printer = load('escpos/printer') as EscposConstructor
  // Nothing is ever flushed through the adapter: the bytes are taken from the buffer.
  const printer = new Printer({ write: () => undefined }, { encoding })
  // The package forgets its options when it is called without `new`; say it again.
  return Object.assign(printer, { encoding })
}
