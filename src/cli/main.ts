// The command `onecounter`: one file a subcommand, composed here. A subcommand's modules load only
// when it is called, so that `--help` and small commands start at once.
import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { reportFailure } from './report-failure.ts'

type Register = { register: (program: Command) => void }

/** Name → module; the name is what stands first on the command line. */
const subcommands: Record<string, () => Promise<Register>> = {
  demo: () => import('./demo.ts'),
  station: () => import('./station.ts'),
  central: () => import('./central.ts'),
  import: () => import('./import.ts'),
  verify: () => import('./verify.ts'),
  rebuild: () => import('./rebuild.ts'),
  price: () => import('./price.ts'),
  barcode: () => import('./barcode.ts'),
}

const { version } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { version: string }

const program = new Command('onecounter')
  .description('The counter of an omnichannel store: sells with no network.')
  .version(version)
  .showHelpAfterError('(run with --help for what can be given)')

const wanted = process.argv[2]
const one = wanted === undefined ? undefined : subcommands[wanted]
for (const load of one ? [one] : Object.values(subcommands)) (await load()).register(program)

try {
  await program.parseAsync()
} catch (error) {
  reportFailure(error)
  process.exitCode = 1
}
