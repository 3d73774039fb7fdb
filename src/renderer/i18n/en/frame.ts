// Words of the window's frame: top bar, lamps, rail, menus, boot.
export const frame = {
  product: 'OneCounter',
  till: 'Till {{number}}',
  demo: 'Demo store',
  rooms: {
    label: 'Rooms', sell: 'Sell', sales: 'Sales', cash: 'Cash', todo: 'To do', status: 'Status',
  },
  lamps: {
    label: 'State of the till',
    network: 'Network', printer: 'Printer', scanner: 'Scanner', rfid: 'RFID', drawer: 'Drawer',
    waiting_one: '{{count}} waiting',
    waiting_other: '{{count}} waiting',
    drawerOpen: 'Open',
    state: {
      ready: 'Ready', attention: 'Check', away: 'Away', 'not-configured': 'Not set up',
      unknown: 'Not known', online: 'Online', connecting: 'Connecting', offline: 'Offline',
      stopped: 'Stopped', refused: 'Refused',
    },
    since: 'Since {{time}}',
    close: 'Close',
    openStatus: 'Open Status',
    explain: {
      network: {
        online: 'Central is reached. Sales are handed over as they happen.',
        connecting: 'Looking for central. Go on selling; nothing waits for it.',
        offline: 'No network. Go on selling: sales are kept on this till and are sent by '
          + 'themselves when the network is back. Stock and prices are as of the last contact.',
        stopped: 'Handing over is stopped. Go on selling and tell the manager: the entries stay '
          + 'safe on this till.',
        refused: 'Central does not accept this till. Go on selling and tell the manager now: the '
          + 'entries stay safe on this till.',
        stalled: 'The queue has not moved for a while. Go on selling and tell the manager.',
      },
      printer: {
        ready: 'The receipt printer is ready.',
        attention: 'The printer asks for attention: look at its paper and cover. Sales go on; '
          + 'waiting receipts print by themselves.',
        away: 'The printer does not answer. Check power and cable. Sales go on; waiting receipts '
          + 'print by themselves when it is back.',
        'not-configured': 'No printer is set up on this till. Offer the e-receipt.',
        unknown: 'The printer has not answered yet.',
      },
      scanner: {
        ready: 'The scanner is ready. Scan at any time, in any room.',
        attention: 'The scanner reports a fault. Plug it in again.',
        away: 'The scanner is not plugged in. Plug it in again, or type the code and press Enter.',
        'not-configured': 'No scanner is set up. Type the code and press Enter.',
        unknown: 'The scanner has not answered yet.',
      },
      rfid: {
        ready: 'The RFID pad is ready.',
        attention: 'The RFID pad reports a fault. Lift the goods and put them down again.',
        away: 'The RFID pad does not answer. Check its cable; scan barcodes meanwhile.',
        'not-configured': 'No RFID pad is set up on this till.',
        unknown: 'The RFID pad has not answered yet.',
      },
      drawer: {
        ready: 'The drawer is closed and opens for cash.',
        attention: 'The drawer stands open. Push it shut.',
        away: 'The drawer does not answer. It opens through the printer: look at the printer '
          + 'first. It can be opened with its key.',
        'not-configured': 'No drawer is set up on this till.',
        unknown: 'The state of the drawer is not known.',
      },
    },
  },
  menu: {
    open: 'Operator and settings',
    signedInAs: '{{name}} · {{role}}',
    lock: 'Lock', switchOperator: 'Change operator', signOut: 'Sign out',
    language: 'Language', appearance: 'Appearance', light: 'Light', dark: 'Dark',
    system: 'As the system', type: 'Type size', typeNormal: 'Normal', typeLarge: 'Large',
    volume: 'Sound', volumeOff: 'Off', volumeLow: 'Low', volumeMiddle: 'Medium',
    volumeHigh: 'High', shortcuts: 'All keys',
  },
  roles: { cashier: 'Cashier', associate: 'Associate', manager: 'Manager' },
  boot: {
    connecting: 'Connecting to the till',
    connectingHelp: 'This takes a moment after switching on.',
    lost: 'The till does not answer',
    lostHelp: 'Nothing that was acknowledged is lost. The window keeps trying and comes back by '
      + 'itself; if it does not within a minute, start OneCounter again.',
    noToken: 'This address has no key',
    noTokenHelp: 'Open the window with the whole address that OneCounter printed when it started, '
      + 'including the part after #.',
    firstPull: 'Getting this store’s goods and prices',
    firstPullHelp: 'Only the first time. Selling begins as soon as they are here.',
    firstPullCount_one: '{{formatted}} entry so far',
    firstPullCount_other: '{{formatted}} entries so far',
  },
  notice: {
    dismiss: 'Understood', retry: 'Try again', back: 'Back',
  },
  age: {
    now: 'just now',
    minutes_one: '{{count}} min ago', minutes_other: '{{count}} min ago',
    hours_one: '{{count}} hour ago', hours_other: '{{count}} hours ago',
    days_one: '{{count}} day ago', days_other: '{{count}} days ago',
    never: 'never',
  },
  pad: {
    label: 'Number pad', clear: 'Clear', erase: 'Erase last digit', enter: 'Go on',
    decimal: 'Decimal point', times: 'Times the next item',
  },
} as const
