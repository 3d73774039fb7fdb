// Words of the cash room, the to-do list, the status room and the list of keys.
export const cash = {
  title: 'Cash', noShift: 'No shift is open', noShiftHelp: 'Count the float and open the shift.',
  open: 'Open shift', float: 'Float', floatHelp: 'What lies in the drawer before the first sale.',
  byPieces: 'By notes and coins', byAmount: 'As an amount', amount: 'Amount',
  pieces: 'Pieces of {{value}}', sum: 'Total counted',
  openedBy: 'Opened {{time}} by {{name}}', shiftOpen: 'Shift is open',
  report: 'X report', reportHelp: 'Figures so far; nothing is closed.', showReport: 'Show X report',
  printReport: 'Print X report', close: 'Close shift', noSale: 'Open drawer',
  noSaleHelp: 'Without a sale. Every opening is recorded with its reason.', reason: 'Reason',
  drawerOpened: 'The drawer was opened.',
  closeTitle: 'Count the drawer',
  closeHelp: 'Count all cash, float included. The expected amount is shown after your count, not '
    + 'before.',
  confirmClose: 'Close with {{amount}}', closeNow: 'Yes, close the shift',
  keepCounting: 'Go on counting',
  closeSure: 'The count cannot be changed afterwards.',
  closed: 'The shift is closed', newShift: 'Open the next shift',
  z: 'Z report {{number}}', x: 'X report',
  rows: {
    sales: 'Sales', voids: 'Voids', returns: 'Returns', items: 'Items', gross: 'Gross',
    discount: 'Discounts', net: 'Net of tax', tax: 'Tax', total: 'Total', float: 'Float',
    expected: 'Expected cash', counted: 'Counted', over: 'Over', short: 'Short', even: 'Exact',
    overShort: 'Difference', openings: 'No-sale openings', first: 'First receipt',
    last: 'Last receipt', from: 'From', to: 'To', cash: 'Cash', card: 'Card', head: 'Journal head',
    tenders: 'Tenders', figures: 'Figures', drawer: 'Drawer', count_one: '{{count}} time',
    count_other: '{{count}} times',
  },
  loading: 'Getting the figures',
  clear: 'Count again',
} as const

export const todo = {
  title: 'To do', empty: 'Nothing to do',
  emptyHelp: 'Unknown barcodes that were sold as department items come here, to be linked with '
    + 'their article.',
  unknownBarcode: 'Unknown barcode', sold_one: 'sold {{count}} time',
  sold_other: 'sold {{count}} times', soldAs: 'Sold as {{name}} for {{price}}',
  link: 'Link', linkTitle: 'Which article carries {{barcode}}?',
  linkHelp: 'Search and choose. From then on the barcode is known on this till.',
  choose: 'Choose a task', confirm: 'Link with “{{name}}”', linked: 'Linked with “{{name}}”.',
} as const

export const status = {
  title: 'Status', network: 'Connection to central', queue: 'Waiting to be sent',
  queueNone: 'Everything is sent', entries_one: '{{formatted}} entry',
  entries_other: '{{formatted}} entries',
  quarantined: 'Set aside by central', stalled: 'The queue does not move',
  lastContact: 'Last contact', journal: 'Journal',
  journalValue: '{{acked}} of {{head}} handed over',
  data: 'Goods and prices on this till', collection: 'Kind', documents: 'Entries',
  changed: 'Changed',
  devices: 'Devices', testPrint: 'Print a test', testPrinted: 'The test is on its way.',
  waitingPrints: 'Receipts waiting', noDevices: 'No devices are set up on this till.',
  version: 'Version', station: 'Till', device: {
    scanner: 'Scanner', printer: 'Printer', drawer: 'Drawer', terminal: 'Card terminal',
    rfid: 'RFID pad',
  },
  collections: {
    product: 'Products', price: 'Prices', stock: 'Stock', offer: 'Offers', coupon: 'Coupons',
    member: 'Members', order: 'Orders', purchase: 'Purchases', reference: 'Store settings',
  },
} as const

export const keys = {
  title: 'All keys', close: 'Close', anywhere: 'Everywhere', selling: 'Sell', paying: 'Payment',
  help: 'This list', rooms: 'Rooms', lock: 'Lock', goOn: 'Go on', back: 'Back, lose nothing',
  scanTimes: 'Number, × , then scan: that many', typeSearch: 'Any letter begins a search',
  lines: 'Choose a line', plusMinus: 'One more, one less', quickKeys: 'Quick keys 1–12',
  code: 'A code of 6 digits or more', quickCash: 'Suggested amounts',
  reasons: 'Reasons, departments',
} as const
