// Keeps the replica's worker thread running. Guarantees: a worker that dies is started again, at
// growing intervals; a stop is orderly when the worker answers and forced when it does not.
import { Worker } from 'node:worker_threads'
import type { FromWorker, ToWorker, WorkerInput } from './messages.ts'

export type WorkerKeeperOptions = {
  url: URL
  input: WorkerInput
  monotonicMs: () => number
  onMessage: (message: FromWorker) => void
  onFailing: (error: unknown) => void
}

const stopLimitMs = 5_000
const firstRestartMs = 250
const maxRestartMs = 30_000
/** A worker that lived this long was not failing at the start. */
const steadyMs = 60_000

export class WorkerKeeper {
  readonly #options: WorkerKeeperOptions
  #worker: Worker | null = null
  #exited: Promise<void> = Promise.resolve()
  #wanted = false
  #failures = 0
  #startedAtMs = 0
  #restartTimer: NodeJS.Timeout | undefined

  constructor(options: WorkerKeeperOptions) {
    this.#options = options
  }

  start(): void {
    clearTimeout(this.#restartTimer)
    if (this.#worker !== null) return
    this.#wanted = true
    this.#startedAtMs = this.#options.monotonicMs()
    const worker = new Worker(this.#options.url, {
      workerData: this.#options.input, name: 'replica', execArgv: [],
    })
    this.#worker = worker
    let failure: unknown = null
    worker.on('message', (message: FromWorker) => {
      if (this.#worker === worker) this.#options.onMessage(message)
    })
    worker.on('error', (error) => {
      failure = error
    })
    this.#exited = new Promise((resolve) => {
      worker.once('exit', (code) => {
        if (this.#worker === worker) this.#worker = null
        resolve()
        if (this.#wanted) this.#failed(failure ?? new Error(`worker ended with code ${code}`))
      })
    })
  }

  #failed(error: unknown): void {
    const lived = this.#options.monotonicMs() - this.#startedAtMs
    this.#failures = lived > steadyMs ? 1 : this.#failures + 1
    this.#options.onFailing(error)
    const waitMs = Math.min(maxRestartMs, firstRestartMs * 2 ** Math.min(10, this.#failures - 1))
    this.#restartTimer = setTimeout(() => {
      if (this.#wanted) this.start()
    }, waitMs)
    this.#restartTimer.unref()
  }

  post(message: ToWorker): void {
    this.#worker?.postMessage(message)
  }

  /** Resolves when no thread runs. */
  async stop(): Promise<void> {
    this.#wanted = false
    clearTimeout(this.#restartTimer)
    const worker = this.#worker
    if (worker === null) return
    worker.postMessage({ type: 'close' } satisfies ToWorker)
    const force = setTimeout(() => void worker.terminate(), stopLimitMs)
    await this.#exited
    clearTimeout(force)
  }
}
