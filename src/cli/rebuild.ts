// `onecounter rebuild`: makes everything that is derived from the journal anew. The till must be
// closed; the journal itself and the open basket are not touched.
import type { Command } from 'commander'
import { rebuildProjections, type RebuildReport } from '#station/ledger/rebuild-store.ts'

const describe = (report: RebuildReport): string => {
  const width = Math.max(...report.tables.map((table) => table.name.length))
  return [
    `Rebuilt from ${report.entries.toLocaleString('en')} journal entries.`,
    ...report.tables.map(({ name, rowsBefore, rowsAfter }) =>
      `  ${name.padEnd(width)}  ${rowsAfter.toLocaleString('en').padStart(9)} rows`
        + (rowsBefore === rowsAfter ? '' : ` (were ${rowsBefore.toLocaleString('en')})`)),
    `The state before is in ${report.backup}.`,
  ].join('\n')
}

export const register = (program: Command): void => {
  program
    .command('rebuild')
    .description('make everything derived from a station\'s journal anew')
    .argument('<data-dir>', 'the station\'s data directory; the till must be closed')
    .option('--json', 'print the report as one JSON object', false)
    .action((directory: string, options: { json: boolean }) => {
      const report = rebuildProjections(directory)
      console.log(options.json ? JSON.stringify(report) : describe(report))
    })
}
