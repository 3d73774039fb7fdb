// `onecounter import catalogue|transactions`: one command, the two importers register below it.
import type { Command } from 'commander'
import { registerImportCatalogue } from './import-catalogue.ts'
import { registerImportTransactions } from './import-transactions.ts'

export const register = (program: Command): void => {
  const command = program.command('import').description('take in a catalogue or past transactions')
  registerImportCatalogue(command)
  registerImportTransactions(command)
}
