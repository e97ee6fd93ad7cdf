import { connect, type Socket } from 'node:net'

/**
 * `latency.ts PORT CONNECTIONS MESSAGES SPACING_MS`: sends one numbered message every SPACING_MS, over the connections in
 * turn, and does not wait for echoes. Prints the round trip of each message as a JSON array of milliseconds.
 */
const [port, connections, messages, spacingMs] = process.argv.slice(2).map(Number) as [
  number,
  number,
  number,
  number,
]
const bytes = 64
const sentAt: number[] = []
const tookMs: number[] = []
const sockets = await Promise.all(Array.from({ length: connections }, dial))

const done = Promise.withResolvers<void>()
const start = performance.now() + 50
for (let i = 0; i < messages;) {
  const now = performance.now()
  while (i < messages && now >= start + i * spacingMs) send(i++)
  await new Promise((resolve) => setTimeout(resolve, 1))
}
await done.promise
console.log(JSON.stringify(tookMs))
for (const socket of sockets) socket.destroy()

function send(number: number): void {
  const message = Buffer.alloc(bytes)
  message.writeUInt32LE(number)
  sentAt[number] = performance.now()
  sockets[number % connections]?.write(message)
}

async function dial(): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true })
  let rest: Buffer = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    const now = performance.now()
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    for (; rest.length >= bytes; rest = rest.subarray(bytes)) {
      const number = rest.readUInt32LE()
      tookMs.push(now - (sentAt[number] ?? NaN))
      if (tookMs.length === messages) done.resolve()
    }
  })
  await new Promise<void>((resolve) => socket.once('connect', resolve))
  return socket
}
