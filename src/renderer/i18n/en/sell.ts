// Words of the Sell room: basket, search, line, prompts.
export const sell = {
  basket: 'Basket',
  emptyTitle: 'Scan the first item',
  emptyHelp: 'Or search by name, pinyin, initials or code. The keys on the right are for goods '
    + 'without a barcode.',
  items: 'Items', saved: 'Saved', tax: 'Tax', total: 'Total', toGiveBack: 'To give back',
  taxIncluded: 'incl. tax',
  pay: 'Take payment', giveBack: 'Give money back', finishZero: 'Finish, nothing to pay',
  returnLine: 'Return',
  noBarcode: 'no barcode',
  lineDiscount: '{{value}} off', lineOverride: 'Price changed from {{price}}',
  perKilogram: '/ kg',
  selectLine: '{{name}}, quantity {{quantity}}, {{total}}',
  announceAdded: '{{quantity}} × {{name}}, {{lineTotal}}. Total {{total}}',
  announceRemoved: 'Line removed. Total {{total}}',
  newerBelow: 'Newest line',
  search: {
    label: 'Search goods', placeholder: 'Name, pinyin, initials or code',
    clear: 'Clear search',
    nothing: 'Nothing fits “{{text}}”',
    nothingHelp: 'Fewer letters find more. Goods that are not in the catalogue can be sold as a '
      + 'department item.',
    more: 'There are more. Type another letter.',
    results_one: '{{count}} product', results_other: '{{count}} products',
    noPrice: 'No price here',
    stock: '{{quantity}} here · {{age}}', stockUnknown: 'Stock not known',
    loading: 'Searching',
  },
  keys: {
    title: 'Quick keys', empty: 'No quick keys yet',
    emptyHelp: 'Goods without a barcode get their place here from central.',
  },
  entry: {
    times: '{{quantity}} ×', timesHelp: 'The next item counts {{quantity}} times',
    asCode: 'Enter takes it as a code', asQuantity: 'Enter sets the quantity of “{{name}}”',
    idle: 'Number, then action',
  },
  actions: {
    label: 'Actions',
    times: 'Quantity', discount: 'Discount', price: 'Price', remove: 'Remove', hold: 'Hold',
    recall: 'Recall', return: 'Return', void: 'Void basket', department: 'Department item',
    search: 'Search',
  },
  line: {
    title: 'Line', quantity: 'Quantity', unitPrice: 'Unit price', lineTotal: 'Line total',
    code: 'Code', barcode: 'Barcode', listPrice: 'List price', discount: 'Discount',
    less: 'One less', more: 'One more', setQuantity: 'Set quantity', remove: 'Remove line',
    departmentItem: 'Department item', taxLine: '{{name}} {{rate}}',
  },
  discount: {
    title: 'Discount on this line', percent: 'Percent', amount: 'Amount', reason: 'Reason',
    apply: 'Give discount', clear: 'Take discount away', percentValue: '{{value}} %',
    help: 'Type the figure, choose the reason.', becomes: 'Line becomes {{amount}}',
    over: 'Over {{limit}} another person must approve.',
  },
  price: {
    title: 'Other price for this line', apply: 'Set price', help: 'Type the price for one.',
    helpKilogram: 'Type the price for one kilogram.', now: 'Now {{price}}',
  },
  reasons: { none: 'There are no reasons of this kind in the store’s settings.' },
  department: {
    title: 'Sell as department item', help: 'Type the price on the article, choose the department.',
    helpBarcode: 'Barcode {{barcode}} is kept; linking it later is a task in To do.',
    cap: 'Up to {{amount}}; above it another person must approve.',
    add: 'Add to basket', price: 'Price', choose: 'Department',
    none: 'This store has no departments yet.',
  },
  prompt: {
    queue_one: '{{count}} scan waits for an answer',
    queue_other: '{{count}} scans wait for an answer',
    unknown: 'This barcode is not in the catalogue',
    unknownHelp: 'Sell it as a department item, or find the article and use it.',
    checkDigit: 'The barcode was misread',
    checkDigitHelp: 'Its check digit does not fit. Scan again; if the same comes back, the label '
      + 'is damaged.',
    notForSale: 'This article is not for sale',
    notForSaleHelp: 'It is known, but blocked in this store. Put it aside and tell the manager.',
    noPrice: 'This article has no price here',
    noPriceHelp: 'Sell it as a department item at the price on the label, or put it aside.',
    ambiguous: 'Several articles carry this barcode',
    ambiguousHelp: 'Choose the one that lies in front of you.',
    asDepartment: 'Department item', findArticle: 'Find the article', dismiss: 'Put aside',
    scanAgain: 'Understood, scan again', linkTitle: 'Which article is {{barcode}}?',
    linkHelp: 'Search, then choose. The scan becomes a line of this article.',
  },
  large: {
    title: 'Is {{quantity}} right?', help: 'That is much for one line of “{{name}}”.',
    yes: 'Yes, {{quantity}}', no: 'No, change it',
  },
  hold: {
    title: 'Hold this basket', label: 'Note', placeholder: 'For instance: red coat',
    confirm: 'Hold', help: 'The note helps to find it again.',
  },
  held: {
    title: 'Held baskets', empty: 'No basket is held',
    emptyHelp: 'Hold (F7) puts the basket aside when a customer has forgotten something.',
    recall: 'Recall', items_one: '{{count}} item', items_other: '{{count}} items',
    noLabel: 'No note', by: '{{name}} · {{age}}',
  },
  void: {
    title: 'Void the whole basket?',
    help_one: '{{count}} item over {{total}} leaves the basket. This is recorded.',
    help_other: '{{count}} items over {{total}} leave the basket. This is recorded.',
    confirm: 'Void basket', cancel: 'Keep basket',
  },
  return: {
    on: 'Return: the next item is taken back',
    help: 'Scan or choose what the customer brings back without a receipt. Every such line needs '
      + 'permission.',
    off: 'Stop returning',
  },
  shiftClosed: {
    title: 'Open the shift to sell', help: 'Count the float in the drawer first.',
  },
  offline: {
    banner: 'Offline. Go on selling; stock and prices are as of {{age}}.',
  },
} as const
