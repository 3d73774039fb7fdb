// A start as a named list of phases, and its end as the same list backwards. A phase that fails
// ends those before it; an end that fails keeps none of the others from ending.
import type { Logger } from 'pino'

export type Phase = { name: string; start(): void; stop(): void | Promise<void> }

const stopBackwards = async (started: readonly Phase[], logger: Logger): Promise<void> => {
  for (const phase of started.toReversed()) {
    try {
      await phase.stop()
    } catch (error) {
      logger.error({ err: error, phase: phase.name }, 'a phase did not end cleanly')
    }
  }
}

/** Returns the end; calling it again waits for the same one. */
export const startPhases = (phases: readonly Phase[], logger: Logger): (() => Promise<void>) => {
  const started: Phase[] = []
  try {
    for (const phase of phases) {
      phase.start()
      started.push(phase)
      logger.debug({ phase: phase.name }, 'phase done')
    }
  } catch (error) {
    void stopBackwards(started, logger)
    throw error
  }
  let stopping: Promise<void> | null = null
  return () => (stopping ??= stopBackwards(started, logger))
}
