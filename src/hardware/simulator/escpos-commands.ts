// The simulated printer's table of ESC/POS commands: how long each is and what it does to the
// machine. Written from the command reference; shares nothing with the driver.
import { barcodeCommand, graphicCommand } from './escpos-symbols.ts'
import type { PaperAlign } from './paper.ts'
import { defaultSpacingDots, type PrintMachine } from './print-machine.ts'

export type Command = {
  /** Length of the whole command, or 0 when more bytes are needed to know. */
  size(bytes: Buffer): number
  run(bytes: Buffer): void
}
export type CommandTable = Record<string, Command>

const aligns: PaperAlign[] = ['left', 'center', 'right']

/** A command of known length; its first parameter is the third byte. */
const fixed = (size: number, run: (parameter: number, bytes: Buffer) => void): Command => ({
  size: (bytes) => (bytes.length >= size ? size : 0),
  run: (bytes) => run(bytes[2] ?? 0, bytes),
})
const ignored = (size: number, names: string[]): CommandTable =>
  Object.fromEntries(names.map((name) => [name, fixed(size, () => undefined)]))
const scale = (value: number) => ({
  widthTimes: ((value >> 4) & 7) + 1, heightTimes: (value & 7) + 1,
})

function escCommands(machine: PrintMachine): CommandTable {
  const { style, line } = machine
  const bold = fixed(3, (n) => { style.bold = (n & 1) === 1 })
  const cut = fixed(2, () => machine.cut('partial'))
  return {
    '1b40': fixed(2, () => machine.initialise()),
    '1b21': fixed(3, (n) => {
      // Governs Latin characters only: Chinese ones have FS ! and both have GS !.
      style.latin = { widthTimes: n & 0x20 ? 2 : 1, heightTimes: n & 0x10 ? 2 : 1 }
      style.bold = (n & 0x08) !== 0
      style.underline = (n & 0x80) !== 0
    }),
    '1b45': bold, '1b47': bold, '1b69': cut, '1b6d': cut,
    '1b2d': fixed(3, (n) => { style.underline = n % 48 > 0 }),
    '1b61': fixed(3, (n) => { if (line.isEmpty()) style.align = aligns[n % 48] ?? 'left' }),
    '1b64': fixed(3, (n) => {
      if (!line.isEmpty()) line.feed()
      for (let fed = 0; fed < n; fed++) line.feed()
    }),
    '1b4a': fixed(3, (n) => machine.feedDots(n)),
    '1b32': fixed(2, () => { style.spacingDots = defaultSpacingDots }),
    '1b33': fixed(3, (n) => { style.spacingDots = n }),
    '1b70': fixed(5, (pin, bytes) => {
      machine.pulse(pin & 1, (bytes[3] ?? 0) * 2, (bytes[4] ?? 0) * 2)
    }),
    '1b24': fixed(4, (n, bytes) => line.moveTo(n + (bytes[3] ?? 0) * 256)),
    ...ignored(2, ['1b34', '1b35']),
    ...ignored(3, ['1b20', '1b4d', '1b74', '1b52', '1b7b', '1b56', '1b72', '1b3d', '1b55']),
    ...ignored(4, ['1b42', '1b63', '1b5c']),
  }
}

function fsCommands({ style }: PrintMachine): CommandTable {
  return {
    '1c26': fixed(2, () => { style.chineseMode = true }),
    '1c2e': fixed(2, () => { style.chineseMode = false }),
    '1c21': fixed(3, (n) => {
      style.chinese = { widthTimes: n & 0x04 ? 2 : 1, heightTimes: n & 0x08 ? 2 : 1 }
    }),
    ...ignored(3, ['1c2d', '1c43', '1c57']),
    ...ignored(4, ['1c53']),
  }
}

function gsCommands(machine: PrintMachine): CommandTable {
  const { style, symbols, events } = machine
  const print = machine.printSymbol
  return {
    '1d21': fixed(3, (n) => {
      style.latin = scale(n)
      style.chinese = scale(n)
    }),
    '1d42': fixed(3, (n) => { style.inverse = (n & 1) === 1 }),
    '1d48': fixed(3, (n) => { symbols.barcode.textBelow = (n % 48 & 2) !== 0 }),
    '1d68': fixed(3, (n) => { symbols.barcode.heightDots = n }),
    '1d77': fixed(3, (n) => { symbols.barcode.moduleDots = Math.min(6, Math.max(1, n)) }),
    '1d4c': fixed(4, (n, bytes) => { style.marginDots = n + (bytes[3] ?? 0) * 256 }),
    '1d56': {
      size: (bytes) => {
        const size = (bytes[2] ?? 0) >= 65 ? 4 : 3
        return bytes.length >= size ? size : 0
      },
      run: (bytes) => {
        const mode = bytes[2] ?? 0
        if (mode >= 65) machine.feedDots(bytes[3] ?? 0)
        machine.cut(mode === 0 || mode === 48 || mode === 65 ? 'full' : 'partial')
      },
    },
    '1d61': fixed(3, (n) => events.onAutomaticStatus(n)),
    '1d72': fixed(3, (n) => events.onSensorRequest(n % 48 === 2 ? 'drawer' : 'paper')),
    '1d49': fixed(3, () => events.reply(Buffer.from('_SIM80\0', 'latin1'))),
    '1d6b': barcodeCommand(symbols, () => style.align, print, machine.complain),
    '1d28': {
      size: (bytes) => {
        if (bytes.length < 5) return 0
        const size = 5 + bytes.readUInt16LE(3)
        return bytes.length >= size ? size : 0
      },
      run: (bytes) => {
        if (bytes[2] === 0x48 && bytes[5] === 0x30) {
          // Process id: answered when everything before it is on paper.
          events.reply(Buffer.concat([Buffer.of(0x37, 0x22), bytes.subarray(7, 11), Buffer.of(0)]))
        } else if (bytes[2] === 0x6b) {
          graphicCommand(symbols, style.align, bytes, print, machine.complain)
        }
      },
    },
    '1d76': {
      size: (bytes) => {
        if (bytes.length < 8) return 0
        const size = 8 + bytes.readUInt16LE(4) * bytes.readUInt16LE(6)
        return bytes.length >= size ? size : 0
      },
      run: (bytes) => print({
        kind: 'raster', align: style.align, widthBytes: bytes.readUInt16LE(4),
        rows: bytes.readUInt16LE(6), scaleX: (bytes[3] ?? 0) & 1 ? 2 : 1,
        scaleY: (bytes[3] ?? 0) & 2 ? 2 : 1, bits: Uint8Array.from(bytes.subarray(8)),
      }),
    },
    ...ignored(3, ['1d66', '1d62']),
    ...ignored(4, ['1d50', '1d57', '1d5c', '1d24']),
  }
}

export function commandTable(machine: PrintMachine): CommandTable {
  return {
    ...escCommands(machine), ...fsCommands(machine), ...gsCommands(machine),
    // DLE: acted on at reception; here they are only skipped.
    ...ignored(3, ['1004', '1005']), ...ignored(5, ['1014']),
  }
}
