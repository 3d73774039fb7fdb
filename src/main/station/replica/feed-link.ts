// The shared opinion of all pulls on whether central can be reached. Guarantees that while it
// cannot, one request at a time tries, at growing and jittered intervals, and that everyone goes on
// at once when one gets through. Whatever blocks is known by its code.
import type { Clock } from '#contract/ports.ts'
import { FeedFault } from './feed-client.ts'

export type FeedLinkOptions = {
  retryFirstMs: number
  retryMaxMs: number
  clock: Clock
  random: () => number
  onChange: () => void
  /** Told once per fault that differs from the one before. */
  onFault: (fault: FeedFault) => void
  signal: AbortSignal
}

export class FeedLink {
  readonly #options: FeedLinkOptions
  #failures = 0
  #code: string | null = null
  #reached = false
  #lastContactAtMs: number | null = null
  #notBeforeMs = 0
  #trying = false
  #waiting: (() => void)[] = []

  constructor(options: FeedLinkOptions) {
    this.#options = options
    options.signal.addEventListener('abort', () => this.#wake(), { once: true })
  }

  get online(): boolean {
    return this.#reached
  }

  /** Central's refusal or the kind of fault; null when all is well. */
  get code(): string | null {
    return this.#code
  }

  get lastContactAtMs(): number | null {
    return this.#lastContactAtMs
  }

  /** Runs `attempt` until it succeeds; throws only what concerns this request alone, or 'stopped'. */
  async run<T>(attempt: () => Promise<T>): Promise<T> {
    for (;;) {
      const trial = await this.#turn()
      try {
        const result = await attempt()
        this.contact()
        return result
      } catch (error) {
        const fault = error instanceof FeedFault
          ? error
          : new FeedFault('central-away', String(error), { cause: error })
        if (fault.code === 'stopped') throw fault
        if (!fault.concernsAll) {
          // Central answered, if only with an error: the others need not wait.
          if (fault.code !== 'central-reply') this.contact()
          throw fault
        }
        this.fail(fault)
      } finally {
        if (trial) this.#trialOver()
      }
    }
  }

  /** Central answered. */
  contact(): void {
    this.#lastContactAtMs = this.#options.clock.nowMs()
    if (this.#reached) return
    this.#reached = true
    this.#failures = 0
    this.#code = null
    this.#notBeforeMs = 0
    this.#options.onChange()
    this.#wake()
  }

  fail(fault: FeedFault): void {
    const code = fault.refusal ?? fault.code
    const changed = this.#reached || this.#code !== code
    this.#reached = false
    this.#code = code
    const nowMs = this.#options.clock.monotonicMs()
    // Requests that were under way together fail together: that is one failure.
    if (nowMs >= this.#notBeforeMs) {
      this.#failures += 1
      this.#notBeforeMs = nowMs + this.backoffMs(this.#failures)
    }
    if (!changed) return
    this.#options.onFault(fault)
    this.#options.onChange()
  }

  /** Half of the growing interval is certain, half is chance: tills do not come back in step. */
  backoffMs(failures: number): number {
    const { retryFirstMs, retryMaxMs, random } = this.#options
    const full = Math.min(retryMaxMs, retryFirstMs * 2 ** Math.min(20, Math.max(0, failures - 1)))
    return full / 2 + (full / 2) * random()
  }

  /** The next try need not wait: a person asked, or the stream came back. */
  hurry(): void {
    this.#notBeforeMs = 0
    this.#wake()
  }

  /** Waits for a turn; true when this is the one trial during an outage. */
  async #turn(): Promise<boolean> {
    for (;;) {
      if (this.#options.signal.aborted) throw new FeedFault('stopped', 'stopped')
      if (this.#failures === 0) return false
      const waitMs = this.#notBeforeMs - this.#options.clock.monotonicMs()
      if (waitMs <= 0 && !this.#trying) {
        this.#trying = true
        return true
      }
      await this.#sleep(waitMs > 0 ? waitMs : null)
    }
  }

  #trialOver(): void {
    this.#trying = false
    this.#wake()
  }

  /** null: until woken. */
  #sleep(ms: number | null): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms === null ? undefined : setTimeout(resolve, ms)
      this.#waiting.push(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  }

  #wake(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resume of waiting) resume()
  }
}
