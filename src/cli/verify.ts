// `onecounter verify`: checks a ledger against everything it promises and says which entry breaks
// which promise. Reads only; the till may be selling meanwhile. Exit code 2: something is wrong.
import type { Command } from 'commander'
import { verifyDirectory } from '#station/ledger/verify/verify-directory.ts'
import type { FindingCode, VerifyReport } from '#station/ledger/verify/report.ts'

const meaning: Record<FindingCode, string> = {
  'line-sum': 'net + tax of each line is its total',
  'lines-total': 'the lines come to the total',
  'taxes-total': 'each tax is the sum over the lines',
  'tenders-total': 'sum of tenders - change = total',
  change: 'change = cash handed over - cash paid',
  'void-mirror': 'a void mirrors its sale',
  'cash-in-drawer': 'cash in the drawer = float + cash sales - refunds at each close',
  'self-approval': 'nobody approves themselves',
  'database-damaged': 'the database file is sound',
  'schema-differs': 'the tables are those of the migrations',
  'trigger-missing': 'triggers guard the history',
  'seq-gap': 'entries are numbered without a gap',
  'chain-broken': 'every entry follows from the one before',
  'hash-mismatch': 'every entry is what was hashed',
  'signature-invalid': 'every entry is signed by this station',
  'entry-unreadable': 'every entry can be read',
  'receipt-gap': 'receipt numbers have no gap',
  'stock-movements': 'stock movements are those of the entries',
  'projection-differs': 'what is derived equals a rebuild from the journal',
  'foreign-key': 'every reference leads somewhere',
  'tail-missing': 'nothing that central acknowledged is missing',
  'key-differs': 'the key is the one of this ledger',
}

const count = (number: number, one: string, many = `${one}s`): string =>
  `${number.toLocaleString('en')} ${number === 1 ? one : many}`

const describe = (report: VerifyReport): string => {
  const lines = [
    `${report.directory}: ${count(report.entries, 'entry', 'entries')}, `
      + `${count(report.sales, 'sale')}, ${count(report.voids, 'void')}, `
      + count(report.shifts, 'shift'),
    `head: ${report.headSeq} ${report.headHash}`,
    report.signaturesChecked === null
      ? 'signatures: not checked (give --signatures)'
      : `signatures: ${report.signaturesChecked.toLocaleString('en')} checked`,
  ]
  const byCode = Map.groupBy(report.findings, (finding) => finding.code)
  for (const [code, findings] of byCode) {
    lines.push('', `BROKEN  ${meaning[code]} (${code})`)
    for (const { seq, message } of findings) {
      lines.push(`  ${seq === null ? '' : `entry ${seq}: `}${message}`)
    }
  }
  if (report.moreFindings > 0) lines.push('', `… and ${report.moreFindings} more`)
  lines.push('', report.ok
    ? 'Everything holds.'
    : 'The ledger does not hold. Keep a copy of the directory; if only what is derived differs, '
      + '"onecounter rebuild" makes it anew from the journal.')
  return lines.join('\n')
}

export const register = (program: Command): void => {
  program
    .command('verify')
    .description('check a station\'s ledger against everything it promises')
    .argument('<data-dir>', 'the station\'s data directory')
    .option('--signatures', 'check every signature too, on all cores', false)
    .option('--json', 'print the report as one JSON object', false)
    .addHelpText('after', '\nExit code: 0 everything holds, 2 something is broken, 1 not checked.')
    .action(async (directory: string, options: { signatures: boolean; json: boolean }) => {
      const report = await verifyDirectory(directory, { signatures: options.signatures })
      console.log(options.json ? JSON.stringify(report) : describe(report))
      if (!report.ok) process.exitCode = 2
    })
}
