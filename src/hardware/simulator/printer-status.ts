// The simulated printer's sensors and the status bytes they give: real-time status (DLE EOT n),
// automatic status (GS a) and the paper sensor (GS r). Bit positions follow the ESC/POS reference.

export type PrinterSensors = {
  paperOut: boolean
  nearEnd: boolean
  coverOpen: boolean
  offline: boolean
  drawerOpen: boolean
  /** The drawer's lock ignores pulses. */
  drawerStuck: boolean
  /** Level of the drawer line when the drawer is open. */
  drawerOpenLevel: 'high' | 'low'
}

export const restingSensors: PrinterSensors = {
  paperOut: false, nearEnd: false, coverOpen: false, offline: false,
  drawerOpen: false, drawerStuck: false, drawerOpenLevel: 'high',
}

const bit = (on: boolean, position: number): number => (on ? 1 << position : 0)

/** The printer stops taking data from its buffer. */
export function stopped(sensors: PrinterSensors): boolean {
  return sensors.paperOut || sensors.coverOpen || sensors.offline
}

function drawerLine(sensors: PrinterSensors): boolean {
  return sensors.drawerOpen === (sensors.drawerOpenLevel === 'high')
}

export function realTimeStatus(sensors: PrinterSensors, kind: number): number {
  const fixed = 0b0001_0010
  switch (kind) {
    case 1: return fixed | bit(drawerLine(sensors), 2) | bit(stopped(sensors), 3)
    case 2: return fixed | bit(sensors.coverOpen, 2) | bit(sensors.paperOut, 5)
    case 4: {
      const out = bit(sensors.paperOut, 5) | bit(sensors.paperOut, 6)
      const near = sensors.nearEnd || sensors.paperOut
      return fixed | out | bit(near, 2) | bit(near, 3)
    }
    default: return fixed
  }
}

export function automaticStatus(sensors: PrinterSensors): Uint8Array {
  const near = sensors.nearEnd || sensors.paperOut
  return Uint8Array.of(
    0b0001_0000 | bit(drawerLine(sensors), 2) | bit(stopped(sensors), 3) | bit(sensors.coverOpen, 5),
    0,
    bit(near, 0) | bit(near, 1) | bit(sensors.paperOut, 2) | bit(sensors.paperOut, 3),
    0,
  )
}

export function paperSensorStatus(sensors: PrinterSensors): number {
  const near = sensors.nearEnd || sensors.paperOut
  return bit(near, 0) | bit(near, 1) | bit(sensors.paperOut, 2) | bit(sensors.paperOut, 3)
}

export function drawerSensorStatus(sensors: PrinterSensors): number {
  return bit(drawerLine(sensors), 0)
}
