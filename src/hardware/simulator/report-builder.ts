// Builds the 64-byte reports that HID POS scanners send, from the layouts' offsets. Written for the
// simulator alone; the drivers' decoder is another program, so that neither can hide the other's
// mistake.

export type ReportLayout = 'A' | 'B' | 'C'

const reportLength = 64
const dataPerReport = 56

/** The vendor's own letter for a symbology, sent at the end of a report. */
const vendorLetters: Record<string, string> = {
  ']E0': 'd', ']E4': 'D', ']C0': 'j', ']C1': 'I', ']Q1': 's', ']Q3': 's', ']d1': 'w', ']d2': 'w',
}

function guessAimId(text: string): string {
  if (/^\d{13}$/.test(text) || /^\d{12}$/.test(text)) return ']E0'
  if (/^\d{8}$/.test(text)) return ']E4'
  if (text.includes('\u001d')) return ']C1'
  return text.length > 30 || /[^\u0020-\u007e]/.test(text) ? ']Q1' : ']C0'
}

/** One symbol as the reports a scanner of this layout sends, each with its report id 0x02. */
export function buildReports(
  text: string,
  layout: ReportLayout,
  aimId: string | null = null,
): Uint8Array[] {
  const data = Buffer.from(text, 'utf8')
  const aim = Buffer.from((aimId ?? guessAimId(text)).padEnd(3).slice(0, 3), 'latin1')
  const letter = vendorLetters[aim.toString('latin1')]?.charCodeAt(0) ?? 0
  const reports: Uint8Array[] = []
  let from = 0
  do {
    const part = data.subarray(from, from + dataPerReport)
    from += dataPerReport
    const report = Buffer.alloc(reportLength)
    report[0] = 0x02
    report[1] = part.length
    if (layout === 'A') {
      aim.copy(report, 2)
      part.copy(report, 5)
      report[61] = letter
    } else if (layout === 'B') {
      aim.copy(report, 3)
      part.copy(report, 6)
      report[62] = letter
    } else {
      part.copy(report, 2)
    }
    report[63] = from < data.length ? 1 : 0
    reports.push(report)
  } while (from < data.length)
  return reports
}
