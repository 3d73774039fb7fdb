// A replica in a process of its own, to be killed: `replica-process.ts <directory> <url> <storeId>`.
// Prints one line per status.
import pino from 'pino'
import { startReplica } from '#station/replica/replica.ts'
import { quickTimings, systemClock, unsigned } from './replica-harness.ts'

const [directory, url, storeId] = process.argv.slice(2)
if (!directory || !url || !storeId) throw new Error('directory, url and store id are needed')
const replica = await startReplica({
  directory, storeId, central: { url }, signer: unsigned, clock: systemClock,
  logger: pino({ level: 'silent' }), timings: quickTimings,
})
replica.onStatus(() => {
  const { collections, firstPullDone } = replica.status()
  console.log(JSON.stringify({ firstPullDone, collections }))
})
