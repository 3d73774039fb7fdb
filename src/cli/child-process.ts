// Child processes of the demo: each prints one JSON line when it is ready, and all of them end
// with the command that started them.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export const cliPath = fileURLToPath(new URL('./main.ts', import.meta.url))

export type ReadyChild<T> = { name: string; child: ChildProcess; ready: T }

/** Starts a Node script and waits for its ready line; what it prints else goes to `onLine`. */
export async function startChild<T>(options: {
  name: string
  args: string[]
  timeoutMs: number
  onLine: (line: string) => void
  env?: Record<string, string>
}): Promise<ReadyChild<T>> {
  const child = spawn(process.execPath, options.args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env, ONECOUNTER_PARENT_PID: String(process.pid) },
  })
  const errors: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => {
    errors.push(line)
    if (errors.length > 40) errors.shift()
    options.onLine(line)
  })
  const ready = await new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`${options.name} was not ready in ${options.timeoutMs / 1000} s`))
    }, options.timeoutMs)
    createInterface({ input: child.stdout }).on('line', (line) => {
      const parsed = readyLine(line)
      if (parsed === null) return options.onLine(line)
      clearTimeout(timer)
      return resolve(parsed as T)
    })
    child.once('error', reject)
    child.once('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`${options.name} ended (${code}):\n${errors.join('\n')}`))
    })
  })
  return { name: options.name, child, ready }
}

function readyLine(line: string): object | null {
  if (!line.startsWith('{"ready":true')) return null
  return JSON.parse(line) as object
}

/** Asks all to end, and ends by force those that have not after `graceMs`. */
export async function stopChildren(children: ChildProcess[], graceMs: number): Promise<void> {
  const alive = children.filter((child) => child.exitCode === null && child.signalCode === null)
  const ended = alive.map((child) => once(child, 'exit'))
  for (const child of alive) child.kill('SIGTERM')
  const force = setTimeout(() => {
    for (const child of alive) child.kill('SIGKILL')
  }, graceMs)
  await Promise.allSettled(ended)
  clearTimeout(force)
}
