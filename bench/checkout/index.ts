// The figures of the main job, from the scanner's report to the durable sale.
import type { BenchGroup } from '../run.ts'
import { openBenchStore, pause } from './bench-store.ts'
import { run as firstPull } from './first-pull.ts'
import { run as painted } from './painted.ts'
import { run as saleCommit } from './sale-commit.ts'
import { run as search } from './search.ts'
import { run as start } from './start.ts'

export const group: BenchGroup = {
  name: 'checkout',
  async run(ctx) {
    const products = ctx.quick ? 5_000 : 100_000
    const store = await openBenchStore(ctx.dataDirectory, products, ctx.log)
    try {
      await painted(ctx, store)
      const session = await store.call('session.sign-in', { operatorNumber: '101', pin: '1111' })
      const { sessionToken } = session as { sessionToken: string }
      await pause(200)
      await store.closeTill()
      await start(ctx, store, sessionToken)
    } finally {
      await store.close()
    }
    await saleCommit(ctx)
    await search(ctx)
    await firstPull(ctx)
  },
}
