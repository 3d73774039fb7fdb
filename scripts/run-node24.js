// Runs a script under the project's Node 24, passing signals down and the exit code up.
import { spawn } from 'node:child_process'
import { findNode24 } from './node24.js'

/** Replaces this process in all but name: same terminal, same signals, same exit code. */
export function runNode24(args) {
  const node = findNode24()
  if (!node) {
    console.error(
      `OneCounter needs Node 24 for ${process.platform}-${process.arch}, which its packages bring ` +
        'along.\nRun "npm start" or "npm test" once (they set everything up), or install Node 24.',
    )
    process.exit(1)
  }
  const child = spawn(node, args, { stdio: 'inherit' })
  // Ctrl-C reaches the child by itself (same process group): only outlive it.
  process.on('SIGINT', () => {})
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(signal ? 128 + 2 : (code ?? 1)))
}
