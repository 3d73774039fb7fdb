// Words of signing in, locking and approving.
export const session = {
  whoAreYou: 'Who is at the till?',
  chooseOperator: 'Choose your name, or type your number.',
  noOperators: 'The operators of this store are not here yet. They come with the first contact '
    + 'to central.',
  operatorNumber: 'Operator number',
  otherOperator: 'Other number',
  allOperators: 'All operators',
  enterPin: 'PIN of {{name}}',
  pin: 'PIN',
  pinDigits_one: '{{count}} digit entered',
  pinDigits_other: '{{count}} digits entered',
  signIn: 'Sign in',
  unlock: 'Unlock',
  locked: 'Locked',
  lockedBy: '{{name}} is signed in',
  lockedHelp: 'The basket is kept. Enter your PIN to go on.',
  notYou: 'Somebody else',
  wait_one: 'Wait {{count}} second',
  wait_other: 'Wait {{count}} seconds',
  lockedScan: 'Locked: the scan was not taken. Unlock, then scan again.',
  signedOutScan: 'Nobody is signed in: the scan was not taken.',
  language: 'Language',
  approval: {
    title: 'Another person must approve',
    lead: '{{action}} is more than your role allows. Somebody who may do it enters number and '
      + 'PIN here; nobody can approve for themselves.',
    number: 'Number of the approving person',
    approve: 'Approve',
    cancel: 'Do without',
  },
} as const
