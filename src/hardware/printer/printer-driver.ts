// One receipt printer as a state machine over a byte port: what it says of itself, and one job at a
// time with an honest outcome. A job is `printed` only when the printer has answered a request that
// stood behind its last byte; once a byte has left, anything else is `unknown`.
import type { PrinterCondition, PrintOutcome } from '#hardware/devices.ts'
import type { BytePort, DeviceClock, DeviceLogger } from '#hardware/ports.ts'
import {
  automaticStatusOn, drawerPulse, paperStatusRequest, processIdRequest, realTimeDrawerPulse,
  statusRequest,
} from '#hardware/printer/printer-bytes.ts'
import {
  createStatusDecoder, factsOfAutomatic, factsOfRealTime, nothingKnown, type PrinterFacts,
  type PrinterReply,
} from '#hardware/printer/status-decoder.ts'

export type PrinterDriverOptions = {
  clock: DeviceClock
  logger: DeviceLogger
  /** `auto` finds out on connecting whether the printer knows process ids. */
  confirmation: 'auto' | 'paper-status' | 'process-id'
  onChange(): void
  /** The link does not answer any more: end it and open another. */
  onDead(detail: string): void
  pollMs?: number
  answerTimeoutMs?: number
  jobTimeoutMs?: number
}

export type PrinterDriver = {
  attach(port: BytePort): void
  detach(): void
  print(bytes: Uint8Array): Promise<PrintOutcome>
  /** True when the pulse has left; at once, also when the printer is stopped. */
  pulseDrawer(pin: 0 | 1): Promise<boolean>
  /** Asks for the status now instead of at the next poll. */
  poll(): void
  facts(): PrinterFacts
  condition(): PrinterCondition
  close(): void
}

type Job = {
  id: string
  confirmedBy: 'paper-status' | 'process-id'
  /** Answers that came while it ran and belonged to jobs before it. */
  passedOver: number
  settle(outcome: PrintOutcome): void
  cancelTimeout(): void
}

const statusKinds = [1, 2, 4] as const
/** Sent on connecting; who answers it knows process ids. */
const probeId = '0000'

export function createPrinterDriver(options: PrinterDriverOptions): PrinterDriver {
  const { clock, logger } = options
  const pollMs = options.pollMs ?? 2000
  const answerTimeoutMs = options.answerTimeoutMs ?? 3000
  const jobTimeoutMs = options.jobTimeoutMs ?? 20_000
  let port: BytePort | null = null
  let decoder = createStatusDecoder()
  let facts = nothingKnown
  let asked: (1 | 2 | 4)[] = []
  let answeredOnce = false
  let askedAtMs = 0
  let job: Job | null = null
  let jobCounter = 0
  let knowsProcessIds = options.confirmation === 'process-id'
  /** Sensor answers still owed to jobs that were given up: not the answer to the next one. */
  let owedAnswers = 0
  let cancelPoll: (() => void) | null = null
  const firstStatus: (() => void)[] = []

  const condition = (): PrinterCondition => {
    if (port === null) return 'away'
    if (facts.paper === 'out') return 'paper-out'
    if (facts.coverOpen === true) return 'cover-open'
    if (facts.error === true) return 'error'
    if (facts.online === false) return 'offline'
    if (facts.online === null || facts.paper === null) return 'unknown'
    return facts.paper === 'near-end' ? 'paper-near-end' : 'online'
  }
  const settle = (outcome: PrintOutcome): void => {
    const ending = job
    job = null
    if (ending === null) return
    ending.cancelTimeout()
    if (outcome.outcome === 'unknown' && ending.confirmedBy === 'paper-status') {
      // If it passed one over and got none itself, that one was its own.
      owedAnswers = ending.passedOver > 0 ? 0 : owedAnswers + 1
    }
    ending.settle(outcome)
  }
  const releaseWaiters = (): void => {
    for (const release of firstStatus.splice(0)) release()
  }
  const setFacts = (next: PrinterFacts): void => {
    const before = condition()
    const lineBefore = facts.drawerLineHigh
    facts = next
    const now = condition()
    if (now !== 'unknown') releaseWaiters()
    if (now === 'paper-out' && job !== null) settle({ outcome: 'unknown', reason: 'paper-out' })
    if (now !== before || facts.drawerLineHigh !== lineBefore) options.onChange()
  }
  const takeSensorAnswer = (): void => {
    if (owedAnswers > 0) {
      owedAnswers--
      if (job !== null) job.passedOver++
    } else if (job?.confirmedBy === 'paper-status') {
      settle({ outcome: 'printed' })
    }
  }
  const take = (reply: PrinterReply): void => {
    answeredOnce = true
    if (reply.kind === 'real-time') {
      const request = asked.shift()
      if (request !== undefined) setFacts(factsOfRealTime(request, reply.status, facts))
    } else if (reply.kind === 'automatic') {
      setFacts(factsOfAutomatic(reply.bytes))
    } else if (reply.kind === 'process-id') {
      if (reply.id === probeId) knowsProcessIds = true
      else if (job?.id === reply.id) settle({ outcome: 'printed' })
    } else {
      takeSensorAnswer()
    }
  }
  const send = (bytes: Uint8Array): Promise<boolean> => {
    if (port === null) return Promise.resolve(false)
    return port.write(bytes).then(() => true, () => false)
  }
  const ask = (): void => {
    if (port === null || asked.length > 0) return
    asked = [...statusKinds]
    askedAtMs = clock.monotonicMs()
    void send(Buffer.concat(statusKinds.map(statusRequest)))
  }
  const poll = (): void => {
    cancelPoll = clock.setTimeout(poll, pollMs)
    if (asked.length > 0 && clock.monotonicMs() - askedAtMs >= answerTimeoutMs) {
      asked = []
      releaseWaiters()
      // A printer that has answered before and is silent now is gone; one that never does is kept.
      if (answeredOnce) {
        options.onDead('no answer to a status request')
        return
      }
      logger.warn({ device: 'printer' }, 'printer does not answer status requests')
    }
    ask()
  }
  const whenStatusKnown = (): Promise<void> => {
    if (condition() !== 'unknown' || (!answeredOnce && asked.length === 0)) return Promise.resolve()
    return new Promise((resolve) => {
      const cancel = clock.setTimeout(resolve, answerTimeoutMs)
      firstStatus.push(() => {
        cancel()
        resolve()
      })
    })
  }
  const refusal = (): PrintOutcome | null => {
    const now = condition()
    if (job !== null) return { outcome: 'refused', reason: 'busy' }
    return now === 'online' || now === 'paper-near-end' || now === 'unknown'
      ? null : { outcome: 'refused', reason: now }
  }
  const start = (bytes: Uint8Array): Promise<PrintOutcome> => new Promise((resolve) => {
    jobCounter = (jobCounter % 9999) + 1
    const id = String(jobCounter).padStart(4, '0')
    const confirmedBy = knowsProcessIds ? 'process-id' : 'paper-status'
    job = {
      id, confirmedBy, passedOver: 0, settle: resolve,
      cancelTimeout: clock.setTimeout(
        () => settle({ outcome: 'unknown', reason: 'no-answer' }), jobTimeoutMs),
    }
    const request = confirmedBy === 'process-id' ? processIdRequest(id) : paperStatusRequest
    void send(Buffer.concat([bytes, request])).then((left) => {
      if (!left && job?.id === id) settle({ outcome: 'unknown', reason: 'connection-lost' })
    })
  })

  return {
    attach(next) {
      port = next
      decoder = createStatusDecoder()
      facts = nothingKnown
      asked = []
      answeredOnce = false
      owedAnswers = 0
      knowsProcessIds = options.confirmation === 'process-id'
      next.onBytes((bytes) => {
        for (const reply of decoder.decode(bytes)) take(reply)
      })
      ask()
      void send(automaticStatusOn)
      if (options.confirmation === 'auto') void send(processIdRequest(probeId))
      cancelPoll?.()
      cancelPoll = clock.setTimeout(poll, pollMs)
      options.onChange()
    },
    detach() {
      port = null
      facts = nothingKnown
      cancelPoll?.()
      settle({ outcome: 'unknown', reason: 'connection-lost' })
      releaseWaiters()
      options.onChange()
    },
    async print(bytes) {
      await whenStatusKnown()
      return refusal() ?? start(bytes)
    },
    pulseDrawer(pin) {
      const stopped = condition() !== 'online' && condition() !== 'paper-near-end' &&
        condition() !== 'unknown'
      return send(stopped ? realTimeDrawerPulse(pin) : drawerPulse(pin))
    },
    poll: ask,
    facts: () => facts,
    condition,
    close() {
      cancelPoll?.()
      port = null
      settle({ outcome: 'unknown', reason: 'closed' })
      releaseWaiters()
    },
  }
}
