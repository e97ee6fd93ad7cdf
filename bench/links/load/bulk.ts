import { connect } from 'node:net'

/** `bulk.ts up|down PORT MS [STREAMS]`: sends or receives as fast as possible for MS; prints bytes per second. */
const [direction, port, ms, streams = '1'] = process.argv.slice(2)
const block = Buffer.alloc(512 * 1024, 'x')
const readInto = Buffer.alloc(512 * 1024)

const rates = await Promise.all(
  Array.from({ length: Number(streams) }, () => (direction === 'up' ? upload() : download())),
)
console.log(rates.reduce((sum, rate) => sum + rate, 0))

/** The time ends when the server reports the number of received bytes. */
async function upload(): Promise<number> {
  const socket = connect({ host: '127.0.0.1', port: Number(port), allowHalfOpen: true })
  await new Promise<void>((resolve) => socket.once('connect', resolve))
  const start = performance.now()
  await new Promise<void>((resolve) => {
    const pump = (): void => {
      while (performance.now() - start < Number(ms)) if (!socket.write(block)) return
      socket.off('drain', pump)
      resolve()
    }
    socket.on('drain', pump)
    pump()
  })
  let report = ''
  socket.on('data', (chunk: Buffer) => (report += chunk.toString()))
  socket.end()
  await new Promise<void>((resolve) => socket.once('end', resolve))
  return (Number(report) / (performance.now() - start)) * 1_000
}

async function download(): Promise<number> {
  let bytes = 0
  const socket = connect({
    host: '127.0.0.1',
    port: Number(port),
    onread: { buffer: readInto, callback: (count) => (bytes += count) > 0 },
  })
  await new Promise<void>((resolve) => socket.once('connect', resolve))
  const start = performance.now()
  await new Promise((resolve) => setTimeout(resolve, Number(ms)))
  const rate = (bytes / (performance.now() - start)) * 1_000
  socket.destroy()
  return rate
}
