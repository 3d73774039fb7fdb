// The test feed as a process of its own: `feed-process.ts <products> <storeId>`. Prints one ready
// line with its address; a line on stdin `price <index> <micro>` publishes a price. Ends with stdin.
import { createInterface } from 'node:readline'
import { FeedServer } from './feed-server.ts'
import { samplePrice, sampleProduct, sampleReferences, sampleStock } from './sample-catalogue.ts'

const products = Number(process.argv[2])
const storeId = process.argv[3] ?? 'store'
const feed = new FeedServer()
const indexes = Array.from({ length: products }, (_, index) => index)
feed.publish('product', indexes.map((index) => sampleProduct(index)))
feed.publish('price', indexes.map((index) => samplePrice(storeId, index)))
feed.publish('stock', indexes.map((index) => sampleStock(storeId, index)))
feed.publish('reference', sampleReferences())
await feed.start()
console.log(JSON.stringify({ ready: true, url: feed.url }))

for await (const line of createInterface({ input: process.stdin })) {
  const [word, index, micro] = line.split(' ')
  if (word === 'price') feed.publish('price', [samplePrice(storeId, Number(index), Number(micro))])
}
await feed.stop()
