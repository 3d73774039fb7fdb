// Words of paying, of the finished sale, and of the list of sales.
export const tender = {
  title: 'Payment', due: 'Still to pay', owed: 'To give back', taken: 'Taken',
  cash: 'Cash', card: 'Card', exact: 'Exact', cashAmount: 'Cash {{amount}}',
  cardAmount: 'Card {{amount}}', tendered: 'Received', change: 'Change',
  typeAmount: 'Type what the customer hands over',
    partHelp: 'Type an amount first to take only part of it.',
  takeCash: 'Take cash {{amount}}', giveCash: 'Give back {{amount}} in cash',
  reverseAll: 'Give everything back',
  reverseHelp: 'The customer does not want to buy: taken cash is handed back, card payments are '
    + 'reversed.',
  reversed: 'Given back: {{list}}',
  reversePending: '{{amount}} card (reversal under way)',
  back: 'Back to the basket',
  none: 'Nothing taken yet',
  prompts: 'Answer the scans that wait first.',
  card1: {
    asking: 'The terminal asks the customer', askingHelp: '{{amount}} · follow the terminal',
    unknown: 'It is not known whether {{amount}} was paid',
    unknownHelp: 'The terminal did not answer in time. Ask it again before anything else: the '
      + 'customer may have been charged.',
    ask: 'Ask the terminal again', reversing: 'The payment of {{amount}} is being reversed',
    seconds_one: 'for {{count}} second', seconds_other: 'for {{count}} seconds',
  },
} as const

export const sale = {
  done: 'Paid', doneZero: 'Done', doneReturn: 'Given back',
  change: 'Change', noChange: 'No change', giveBack: 'Given back',
  receipt: 'Receipt {{number}}', next: 'Next customer',
  nextHelp: 'Scanning begins the next basket by itself.',
  print: {
    queued: 'The receipt waits for the printer', printing: 'The receipt is printing',
    printed: 'The receipt is printed',
    failed: 'The receipt could not be printed. The sale is safe; print a copy when the printer is '
      + 'ready.',
    unknown: 'Not known whether the receipt was printed. Look at the printer.',
    none: 'No receipt on paper',
  },
  reprint: 'Print a copy', copyQueued: 'A copy is on its way to the printer',
  list: {
    title: 'Sales', search: 'Receipt number', searchPlaceholder: 'Receipt number',
    empty: 'No sale yet', emptyHelp: 'Each finished sale is listed here with its receipt.',
    nothing: 'No sale matches “{{text}}”', choose: 'Choose a sale to see its receipt',
    items_one: '{{count}} item', items_other: '{{count}} items', voided: 'Voided', void: 'Void',
    loading: 'Getting the sales',
  },
  receiptPaper: 'Receipt', qr: 'QR code: {{caption}}',
  cut: 'cut here',
  postVoid: {
    open: 'Void this sale', title: 'Void the sale {{number}}?',
    help: 'A new entry with the opposite amounts undoes it. Card payments are reversed, cash is '
      + 'handed back: {{amount}}.',
    reason: 'Reason', confirm: 'Void sale', cancel: 'Keep sale',
    onlyLast: 'Only the last sale of this till can be voided here.',
  },
  by: '{{time}} · {{name}}',
} as const
