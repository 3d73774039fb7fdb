// ESC/POS byte sequences that the escpos package gets wrong or lacks, and the status requests. Each
// is as in Epson's command reference; the package's drawer pulse, for one, is two bytes short and
// swallows what follows.

/** FS & and FS .: Chinese characters on and off. */
export const chineseOn = Buffer.of(0x1c, 0x26)
export const chineseOff = Buffer.of(0x1c, 0x2e)

/** ESC p m t1 t2: 50 ms on, 500 ms off. Waits in the buffer like any data. */
export const drawerPulse = (pin: 0 | 1): Buffer => Buffer.of(0x1b, 0x70, pin, 0x19, 0xfa)

/** DLE DC4 1 m t: the same at once, for a printer that has stopped taking data. */
export const realTimeDrawerPulse = (pin: 0 | 1): Buffer => Buffer.of(0x10, 0x14, 0x01, pin, 0x01)

/** GS ! n: size of Latin and Chinese characters alike; ESC !, which escpos sends, moves Latin only. */
export const characterSize = (times: 1 | 2): Buffer =>
  Buffer.of(0x1d, 0x21, times === 2 ? 0x11 : 0x00)

/** DLE EOT n: answered at once, even when the printer is stopped. */
export const statusRequest = (kind: 1 | 2 | 4): Buffer => Buffer.of(0x10, 0x04, kind)

/** GS a: tell drawer, online, error and paper changes without being asked. */
export const automaticStatusOn = Buffer.of(0x1d, 0x61, 0x0f)

/** GS r 1: paper sensor, answered when everything before it has been processed. */
export const paperStatusRequest = Buffer.of(0x1d, 0x72, 0x01)

/** GS ( H 48: the id comes back when everything before it is on paper. Four printable characters. */
export const processIdRequest = (id: string): Buffer =>
  Buffer.concat([Buffer.of(0x1d, 0x28, 0x48, 0x06, 0x00, 0x30, 0x30), Buffer.from(id, 'latin1')])

/** GS ( k: model 2, module size, error correction M, store, print. */
export function qrCode(data: string, moduleDots: number): Buffer {
  const bytes = Buffer.from(data, 'utf8')
  const length = bytes.length + 3
  return Buffer.concat([
    Buffer.of(0x1d, 0x28, 0x6b, 0x04, 0x00, 0x31, 0x41, 0x32, 0x00),
    Buffer.of(0x1d, 0x28, 0x6b, 0x03, 0x00, 0x31, 0x43, moduleDots),
    Buffer.of(0x1d, 0x28, 0x6b, 0x03, 0x00, 0x31, 0x45, 0x31),
    Buffer.of(0x1d, 0x28, 0x6b, length & 0xff, length >> 8, 0x31, 0x50, 0x30),
    bytes,
    Buffer.of(0x1d, 0x28, 0x6b, 0x03, 0x00, 0x31, 0x51, 0x30),
  ])
}

/** Bytes a QR code of version 1, 2, … holds at error correction M (ISO/IEC 18004, table 7). */
const qrCapacityM = [
  14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504, 560, 624, 666,
  711, 779, 857, 911, 997, 1059, 1125, 1190, 1264, 1370, 1452, 1538, 1628, 1722, 1809, 1911, 1989,
  2099, 2213, 2331,
]

/** The largest module size, up to 8 dots, with which the code and its margin fit the paper. */
export function qrModuleDots(data: string, paperDots: number): number {
  const length = Buffer.byteLength(data, 'utf8')
  const version = qrCapacityM.findIndex((capacity) => capacity >= length) + 1
  if (version === 0) throw new RangeError(`QR data of ${length} bytes; 2331 is the most`)
  const modules = 17 + 4 * version + 8
  return Math.max(2, Math.min(8, Math.floor((paperDots * 0.8) / modules)))
}

/** GS h, GS w, GS H, GS k 73: Code 128 in code set B, its text below. */
export function code128(data: string, paperDots: number): Buffer {
  const content = Buffer.from(`{B${data.replaceAll('{', '{{')}`, 'latin1')
  if (content.length > 255) throw new RangeError('barcode data longer than a Code 128 command holds')
  const modules = 11 * (data.length + 2) + 13 + 20
  const moduleDots = modules * 2 <= paperDots ? 2 : 1
  return Buffer.concat([
    Buffer.of(0x1d, 0x68, 64, 0x1d, 0x77, moduleDots, 0x1d, 0x48, 2, 0x1d, 0x66, 0),
    Buffer.of(0x1d, 0x6b, 73, content.length), content,
  ])
}
