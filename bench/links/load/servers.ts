import { createServer, type Socket } from 'node:net'

/**
 * The servers behind the links, in one process: an echo, a sink that sends the number of received bytes after the client's
 * FIN, and a source that sends until it is closed. Prints their ports as one JSON line.
 */
const block = Buffer.alloc(512 * 1024, 'x')

const echo = (socket: Socket): void => {
  socket.pipe(socket)
}

const sink = (socket: Socket): void => {
  let bytes = 0
  socket.on('data', (chunk: Buffer) => (bytes += chunk.length))
  socket.on('end', () => socket.end(String(bytes)))
}

const source = (socket: Socket): void => {
  const pump = (): void => {
    while (!socket.destroyed && socket.write(block));
  }
  socket.on('drain', pump)
  pump()
}

const ports: Record<string, number> = {}
for (const [name, accept] of Object.entries({ echo, sink, source })) {
  const server = createServer(
    { allowHalfOpen: true, noDelay: true, highWaterMark: 1024 * 1024 },
    (socket) => {
      socket.on('error', () => socket.destroy())
      accept(socket)
    },
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 2048, resolve))
  const address = server.address()
  if (address !== null && typeof address === 'object') ports[name] = address.port
}
console.log(JSON.stringify(ports))
