// What a printer's paper allows: columns of half-width characters and dots. Both common widths.

export type PrinterProfile = {
  columns: 32 | 48
  dots: 384 | 576
  /** The only encoding that prints every Chinese name; it covers all of Unicode. */
  encoding: 'gb18030'
  drawerPin: 0 | 1
}

export function printerProfile(paperWidth: 58 | 80, drawerPin: 0 | 1 = 0): PrinterProfile {
  return paperWidth === 58
    ? { columns: 32, dots: 384, encoding: 'gb18030', drawerPin }
    : { columns: 48, dots: 576, encoding: 'gb18030', drawerPin }
}
