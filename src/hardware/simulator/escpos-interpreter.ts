// The simulated printer's own reading of ESC/POS. Takes bytes as they come, split anywhere; a
// command that is not complete waits. What it does not know is skipped and noted on the paper as a
// complaint, so that a test sees it.
import { commandTable } from './escpos-commands.ts'
import type { Paper } from './paper.ts'
import { chineseDots, latinDots } from './print-line.ts'
import { createPrintMachine, type MachineEvents } from './print-machine.ts'

export type Interpreter = {
  push(bytes: Uint8Array): void
  /** Goes on after the cause of a stop is gone. */
  resume(): void
  /** Forgets an unfinished command; what was complete stays. */
  dropPartial(): void
  current(): Paper
  waitingBytes(): number
}

const cp437 = 'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧' +
  '╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■ '
const commandPrefixes = new Set([0x10, 0x1b, 0x1c, 0x1d])

export function createInterpreter(dots: () => number, events: MachineEvents): Interpreter {
  const decoder = new TextDecoder('gb18030')
  const machine = createPrintMachine(dots, events)
  const { line } = machine
  const commands = commandTable(machine)
  let pending: Buffer = Buffer.alloc(0)

  const takeCharacter = (first: number): number => {
    if (first < 0x80) {
      line.put(String.fromCharCode(first), latinDots, machine.look('latin'))
      return 1
    }
    if (!machine.style.chineseMode || first === 0x80 || first === 0xff) {
      line.put(cp437[first - 0x80] ?? '?', latinDots, machine.look('latin'))
      return 1
    }
    const second = pending[1]
    if (second === undefined) return 0
    const size = second >= 0x30 && second <= 0x39 ? 4 : 2
    if (pending.length < size) return 0
    line.put(decoder.decode(pending.subarray(0, size)), chineseDots, machine.look('chinese'))
    return size
  }
  const takeControl = (first: number): number => {
    if (first === 0x0a) line.feed()
    else if (first === 0x09) line.moveTo((Math.floor(line.position() / 96) + 1) * 96)
    else if (first === 0x18) line.discard()
    return 1
  }
  const takeCommand = (): number => {
    if (pending.length < 2) return 0
    const name = pending.toString('hex', 0, 2)
    const command = commands[name]
    if (command === undefined) {
      machine.complain(`unknown command ${name}`)
      return 2
    }
    const size = command.size(pending)
    if (size > 0) command.run(pending.subarray(0, size))
    return size
  }
  /** Length of what was taken from the front of the pending bytes; 0 = wait for more. */
  const step = (): number => {
    const first = pending[0] ?? 0
    if (commandPrefixes.has(first)) return takeCommand()
    return first < 0x20 || first === 0x7f ? takeControl(first) : takeCharacter(first)
  }
  const resume = (): void => {
    while (pending.length > 0 && !events.blocked()) {
      const paper = machine.paper()
      const taken = step()
      if (taken === 0) break
      for (const byte of pending.subarray(0, taken)) paper.bytes.push(byte)
      pending = pending.subarray(taken)
    }
  }

  return {
    push(bytes) {
      pending = Buffer.concat([pending, bytes])
      resume()
    },
    resume,
    dropPartial() {
      if (!events.blocked()) pending = Buffer.alloc(0)
    },
    current: machine.paper,
    waitingBytes: () => pending.length,
  }
}
