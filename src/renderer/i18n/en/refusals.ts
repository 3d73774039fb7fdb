// Refusals in English: what happened, why, what to do.
import type { ActionNames, RefusalText, RefusalTexts } from '../refusal-texts.ts'

const say = (what: string, why: string, next: string): RefusalText => ({ what, why, next })

const paying = say('Not done: a card payment is under way.',
  'While the terminal works, the basket must stay as it is.',
  'Wait for the terminal, or ask it again in Payment.')
const noShift = say('Not done: no shift is open.', 'Sales belong to a shift with a counted float.',
  'Open the shift, then do it again.')
const emptyBasket = say('There is nothing in the basket.',
  'Without goods nothing can be done here.',
  'Scan or choose the goods first.')
const noLine = say('This line is no longer in the basket.',
  'It was removed meanwhile.', 'Choose the line again.')
const noProduct = say('This article is not in the catalogue of this store.',
  'It was taken out meanwhile, or has not arrived on this till.',
  'Search for it again, or sell it as a department item.')
const noPrice = say('This article has no price in this store.',
  'Central has not set one.', 'Sell it as a department item, or put it aside and tell the manager.')
const wholePieces = say('This article is sold in whole pieces only.',
  'Only weighed goods take decimals.',
  'Type a whole number.')
const noReason = say('This reason no longer exists.', 'The list of reasons was changed.',
  'Choose another reason.')
const promptsOpen = say('There is still a scan to answer.',
  'An article that was scanned is not in the basket yet.',
  'Answer it at the right, then take the payment.')
const nothingDue = say('Nothing is left to pay.', 'What was taken covers the total.',
  'Finish the sale.')
const somethingDue = say('Something is still to be paid.', 'The amount does not cover the total.',
  'Take the rest.')
const terminalAway = say('The card terminal does not answer.',
  'It is switched off, or its cable or network is gone.',
  'Check the terminal, or take cash.')
const printerAway = say('The printer does not answer.', 'It is switched off or its cable is loose.',
  'Check power and cable, then do it again.')
const declined = say('The card was declined.[ The terminal says {reason}.]',
  'The customer’s bank or the customer said no.',
  'Nothing was charged. Try another card, or take cash.')
const unknownPayment = say('It is not known whether the card was charged.',
  'The terminal did not answer in time.',
  'Ask the terminal again. Do not charge a second time before it has answered.')
const noSale = say('This sale is not on this till.', 'The number is another till’s, or mistyped.',
  'Check the number on the receipt.')
const full = say('Nothing was added: the basket is full.', 'One sale can hold only so many lines.',
  'Finish this sale and go on in the next.')
const outOfRange = say('This figure is outside what is allowed.', '', 'Type another figure.')
const promptGone = say('This scan has been answered already.', '', 'Go on.')
const wrongPin = say('This PIN is not right.', '', 'Type it again.')
const wait = say('Too many wrong PINs.', 'The till waits a while before it tries again.',
  'Wait[ {seconds} s], then type it again.')
const operatorLocked = say('This operator is locked.', 'There were too many wrong PINs.',
  'Wait half an hour, or let a manager sign in.')
const sessionEnded = say('The session has ended.',
  'The till was started anew, or somebody signed out.',
  'Sign in again. The basket is kept.')
const notReady = say('The till is not ready to sell yet.',
  'This store’s goods and settings are still on their way.', 'Wait a moment and try again.')

const closed = { 'payment-under-way': paying, 'shift-closed': noShift, 'not-ready': notReady }

export const refusals: RefusalTexts = {
  common: {
    'signed-out': say('Nobody is signed in.', 'The session has ended.',
      'Sign in, then do it again.'),
    locked: say('The till is locked.', '', 'Unlock it with your PIN, then do it again.'),
    'not-permitted': say('Your role does not allow this.', 'Nor can it be approved here.',
      'Ask a manager to sign in and do it.'),
    'approval-required': say('Another person must approve this.',
      'It is more than your role allows.',
      'Let that person enter number and PIN.'),
    'approval-refused': say('The approval was not accepted.',
      'Number or PIN is wrong, that person may not do it, or it is yourself.',
      'Let another person try.'),
    'approval-cancelled': say('Not done.', 'It was not approved.', ''),
    'invalid-input': say('The till did not understand this entry.',
      'A figure or text is outside what is allowed.', 'Check the entry and try again.'),
    busy: say('The till is still busy with the last step.', '', 'Try again in a moment.'),
    fault: say('This did not work, and nothing was changed.',
      'Something in the till failed; it is written into its log.',
      'Try once more. If it happens again, tell the manager the time.'),
    'line-lost': say('The window lost the till in the middle of this.',
      'It is not known whether it was done.',
      'Try again: it is done once, even if it was done before.'),
  },
  calls: {
    'session.sign-in': {
      'wrong-pin': wrongPin, wait, 'operator-locked': operatorLocked,
      'operator-unknown': say('There is no operator with this number.',
        'It is mistyped, or not valid in this store.', 'Check the number.'),
    },
    'session.resume': { 'session-ended': sessionEnded },
    'session.unlock': {
      'wrong-pin': wrongPin, wait, 'operator-locked': operatorLocked,
      'session-ended': sessionEnded,
    },
    'basket.add-lines': {
      ...closed, 'product-unknown': noProduct, 'no-price': noPrice,
      'fraction-of-piece': wholePieces, 'basket-full': full,
      'quantity-out-of-range': outOfRange, 'reason-unknown': noReason,
      'shift-open': say('Not done: a shift is open.', 'Past sales are imported between shifts.',
        'Close the shift first.'),
    },
    'basket.add-department-item': {
      ...closed,
      'department-unknown': say('This department no longer exists.', 'The settings were changed.',
        'Choose another department.'),
      'prompt-unknown': promptGone, 'fraction-of-piece': wholePieces, 'basket-full': full,
    },
    'basket.answer-prompt': {
      ...closed,
      'prompt-unknown': promptGone, 'product-unknown': noProduct, 'no-price': noPrice,
      'basket-full': full,
    },
    'basket.set-quantity': {
      ...closed, 'line-unknown': noLine,
      'fraction-of-piece': wholePieces,
    },
    'basket.remove-line': {
      ...closed, 'line-unknown': noLine,
    },
    'basket.discount-line': {
      ...closed, 'line-unknown': noLine,
      'discount-over-line': say('The discount is more than the line is worth.',
        'A line cannot fall below nothing.', 'Type a smaller discount.'),
      'reason-unknown': noReason, 'discount-out-of-range': outOfRange,
    },
    'basket.override-price': {
      ...closed, 'line-unknown': noLine,
      'reason-unknown': noReason,
    },
    'basket.void': { 'payment-under-way': paying },
    'basket.hold': {
      ...closed, 'basket-empty': emptyBasket,
      'has-tenders': say('This basket cannot be held: part of it is paid.',
        'Taken money belongs to this sale.', 'Finish the payment, or give everything back first.'),
      'prompts-open': promptsOpen,
    },
    'basket.recall': {
      ...closed,
      'basket-not-empty': say('There are still goods in the basket.',
        'Two baskets cannot be mixed.', 'Finish or hold this basket, then recall the other.'),
      'basket-unknown': say('This held basket is no longer there.', 'Somebody recalled it.',
        'Look at the list again.'),
    },
    'tender.cash': {
      ...closed, 'basket-empty': emptyBasket,
      'nothing-due': nothingDue, 'prompts-open': promptsOpen,
      'something-due': somethingDue,
    },
    'tender.card': {
      ...closed, 'basket-empty': emptyBasket,
      'nothing-due': nothingDue,
      'more-than-due': say('A card cannot pay more than is due.', 'Change is given for cash only.',
        'Type a smaller amount.'),
      'card-declined': declined, 'terminal-away': terminalAway, 'payment-unknown': unknownPayment,
      'prompts-open': promptsOpen,
    },
    'tender.query-payment': {
      'no-payment': say('No card payment is open.', 'It was settled meanwhile.', 'Go on.'),
      'card-declined': declined, 'payment-unknown': unknownPayment, 'terminal-away': terminalAway,
    },
    'tender.refund-cash': {
      ...closed, 'basket-empty': emptyBasket,
      'nothing-owed': say('There is nothing to give back.', 'The basket does not owe the customer.',
        'Take the payment instead.'),
      'prompts-open': promptsOpen,
    },
    'sale.complete-zero': {
      ...closed, 'basket-empty': emptyBasket,
      'something-due': somethingDue,
      'prompts-open': promptsOpen,
    },
    'tender.reverse-all': {
      'no-tenders': say('Nothing has been taken yet.', '', 'Go back to the basket.'),
      'payment-under-way': paying,
    },
    'sale.get': { 'sale-unknown': noSale },
    'sale.reprint': { 'sale-unknown': noSale },
    'sale.post-void': {
      'sale-unknown': noSale,
      'already-voided': say('This sale is voided already.', '', 'Nothing more is to be done.'),
      'not-last-sale': say('Only the last sale of this till can be voided.',
        'Another sale was made after it.', 'Take the goods back as a return instead.'),
      'shift-closed': noShift, 'reason-unknown': noReason,
      'card-not-reversed': say('The card payment could not be reversed; the sale stands.',
        'The terminal or the bank refused.', 'Try again, or take the goods back as a return.'),
      'terminal-away': terminalAway,
    },
    'catalogue.product': { 'product-unknown': noProduct },
    'work-item.link': {
      'work-item-unknown': say('This task is done already.', 'Somebody linked it.',
        'Look at the list again.'),
      'product-unknown': noProduct,
    },
    'shift.open': {
      'shift-already-open': say('A shift is open already.', '', 'Go on selling.'),
      'not-ready': notReady,
    },
    'shift.close': {
      'shift-closed': say('No shift is open.', 'It was closed already.', 'Open the next shift.'),
      'basket-not-empty': say('The shift cannot be closed yet.', 'There are goods in the basket.',
        'Finish, hold or void the basket, then close.'),
      'payment-under-way': paying,
    },
    'shift.report-x': { 'shift-closed': noShift },
    'drawer.open': { 'printer-away': say('The drawer was not opened.',
      'It opens through the printer, which does not answer.',
      'Check the printer, or use the drawer’s key.'), 'reason-unknown': noReason },
    'device.test-print': { 'printer-away': printerAway },
  },
  faults: {
    'config-invalid': say('A setting of this till is wrong.[ Setting: {key}.]',
      'The configuration file does not fit.', 'Tell whoever looks after the till.'),
    'port-in-use': say('The till could not open its port[ {port}].', 'Another program holds it.',
      'Close the other program, or restart the computer.'),
    'data-directory-locked': say('This till’s data is in use by another OneCounter.',
      'Only one may run.',
      'Close the other window.'),
    'disk-full': say('Nothing was changed: the disk is full.', 'The till cannot write safely.',
      'Stop selling here, tell the manager, free space on the disk.'),
    'disk-error': say('Nothing was changed: the disk failed.', 'Reading or writing went wrong.',
      'Stop selling here and tell the manager.'),
    'disk-read-only': say('Nothing was changed: the disk cannot be written.',
      'It is write-protected or failing.', 'Stop selling here and tell the manager.'),
    'ledger-corrupt': say('The till’s book does not verify.', 'Its file was damaged.',
      'Stop selling here and tell the manager: it can be restored.'),
    'ledger-from-future': say('The till’s book was written by a newer OneCounter.',
      'This program is older than its data.', 'Install the newer version again.'),
    'migration-changed': say('The till’s book does not fit this program.',
      'A step of its update was changed.', 'Install the published version again.'),
    'replica-corrupt': say('The copy of goods and prices is damaged.', 'Its file was damaged.',
      'It is fetched anew by itself; wait a moment.'),
    'printer-away': printerAway,
    'terminal-away': terminalAway,
    'scanner-away': say('The scanner does not answer.', 'It is not plugged in.',
      'Plug it in again, or type the code and press Enter.'),
    'central-away': say('Central cannot be reached.', 'There is no network, or central is down.',
      'Go on selling: everything is sent later by itself.'),
    'central-refused': say('Central does not accept this till.', 'It was signed off there.',
      'Go on selling and tell the manager.'),
    'key-missing': say('The till’s own key is missing.', 'Its key file is gone.',
      'Tell the manager: the till must be enrolled again.'),
    'file-unreadable': say('A file could not be read.[ File: {path}.]', 'It is missing or damaged.',
      'Check the file, then try again.'),
    bug: say('This did not work, and nothing was changed.',
      'OneCounter made a mistake; it is written into its log.',
      'Try once more. If it happens again, tell the manager the time.'),
  },
  scans: {
    'signed-out': say('The scan was not taken.', 'Nobody is signed in.',
      'Sign in, then scan again.'),
    locked: say('The scan was not taken.', 'The till is locked.', 'Unlock it, then scan again.'),
    'payment-under-way': say('The scan was not taken.', 'A card payment is under way.',
      'Wait for the terminal, then scan again.'),
    'shift-closed': say('The scan was not taken.', 'No shift is open.',
      'Open the shift, then scan again.'),
    'not-ready': say('The scan was not taken.', 'Goods and prices are still on their way.',
      'Wait a moment, then scan again.'),
    'not-permitted': say('The scan was not taken.', 'Your role does not sell.',
      'Let somebody sign in who sells, then scan again.'),
    'basket-full': say('The scan was not taken: the basket is full.',
      'One sale can hold only so many lines.', 'Finish this sale, then scan again.'),
    fault: say('The scan was not taken.',
      'Something in the till failed; it is written into its log.',
      'Scan again. If it happens again, tell the manager the time.'),
    'too-many-prompts': say('The scan was not taken.', 'Too many scans wait for an answer.',
      'Answer those at the right, then scan again.'),
  },
  approvals: {
    'operator-unknown': say('There is no operator with this number.', '',
    'Go back and type it again.'),
    self: say('Nobody approves for themselves.', 'This is your own number.',
      'Let another person enter number and PIN.'),
    'not-permitted': say('This person may not approve it either.', 'The role does not hold it.',
      'Ask a manager.'),
    'wrong-pin': wrongPin, wait, 'operator-locked': operatorLocked,
    busy: say('The till is still checking another PIN.', '', 'Try again in a moment.'),
  },
  terminalReasons: {
    'insufficient-funds': 'not enough money on the account', reversed: 'the payment was reversed',
    cancelled: 'the customer cancelled', 'card-expired': 'the card has expired',
    'card-blocked': 'the card is blocked', limit: 'over the limit of the card',
  },
  infos: {
    'payment-not-made': say('The card was not charged after all.', 'The terminal has answered.',
      'Take the payment again.'),
    reversed: say('Everything was given back.', '{list}', ''),
    'drawer-opened': say('The drawer was opened.', '', ''),
    'copy-queued': say('A copy is on its way to the printer.', '', ''),
    'test-queued': say('The test is on its way to the printer.', '', ''),
    linked: say('The barcode is linked with “{name}”.', '', ''),
    voided: say('The sale {number} is voided.', '', 'Hand back {amount}.'),
  },
}

export const actionNames: ActionNames = {
  'basket.edit': 'Changing the basket', 'basket.add-lines': 'A return without receipt',
  'basket.add-department-item': 'This department item', 'basket.discount-line': 'This discount',
  'basket.override-price': 'Another price', 'basket.void': 'Voiding the basket',
  'basket.hold': 'Holding a basket', 'basket.recall': 'Recalling a basket',
  'sale.reprint': 'A copy of a receipt', 'sale.post-void': 'Voiding a sale',
  'shift.open': 'Opening the shift', 'shift.close': 'Closing the shift',
  'shift.report-x': 'The X report', 'drawer.open': 'Opening the drawer without a sale',
  'device.test-print': 'A test print', 'work-item.link': 'Linking a barcode',
  tender: 'Taking payment', other: 'This',
}
