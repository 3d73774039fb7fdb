// Starts the test feed in another process and waits for its ready line.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export type FeedProcess = {
  url: string
  publishPrice(index: number, unitPriceMicro: number): void
  stop(): Promise<void>
}

export async function startFeedProcess(products: number, storeId: string): Promise<FeedProcess> {
  const entry = fileURLToPath(new URL('./feed-process.ts', import.meta.url))
  const child = spawn(process.execPath, [entry, String(products), storeId], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
  })
  const ready = await new Promise<{ url: string }>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) =>
      resolve(JSON.parse(line) as { url: string }))
    child.once('exit', (code) => reject(new Error(`feed process ended with ${code}`)))
  })
  return {
    url: ready.url,
    publishPrice: (index, unitPriceMicro) => {
      child.stdin.write(`price ${index} ${unitPriceMicro}\n`)
    },
    stop: async () => {
      child.stdin.end()
      const force = setTimeout(() => child.kill(), 2_000)
      await exited
      clearTimeout(force)
    },
  }
}
