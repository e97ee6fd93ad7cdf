import { systemClock } from '#chaos/lib/clock.ts'
import { labs } from '#labs/index.ts'

import { startHost } from '../host/start-host.ts'

// A host as a process of its own, so that a test can kill it: node host-process.ts FOLDER PORT
const [folder = '', port = '0'] = process.argv.slice(2)
const host = await startHost({
  folder,
  title: 'Load',
  labs,
  clock: systemClock,
  address: '127.0.0.1',
  port: Number(port),
  names: [],
})
const { urls, code, instructorUrl } = host
process.stdout.write(`${JSON.stringify({ url: urls[0], code, instructorUrl })}\n`)
// Figures of the process, for the measurement: one line per request on standard input.
process.stdin.on('data', () => {
  globalThis.gc?.()
  const { rss, heapUsed } = process.memoryUsage()
  process.stdout.write(`${JSON.stringify({ rss, heapUsed })}\n`)
})
// Its parent has ended.
process.stdin.on('end', () => process.exit())
