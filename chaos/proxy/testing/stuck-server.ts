import { connect, type Socket } from 'node:net'
import { Worker } from 'node:worker_threads'

/** A listening server that accepts no connection and whose backlog is full: a connect to it hangs. */
export interface StuckServer extends AsyncDisposable {
  readonly address: string
  /** From now on it accepts connections and sends every byte back. */
  accept(): void
}

const source = `
  const { createServer } = require('node:net')
  const { parentPort, workerData } = require('node:worker_threads')
  const server = createServer((socket) => { socket.on('error', () => {}); socket.pipe(socket) })
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port)
    Atomics.wait(workerData, 0, 0)
  })
`

export async function createStuckServer(): Promise<StuckServer> {
  const gate = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(source, { eval: true, workerData: gate })
  const port = await new Promise<number>((resolve) => worker.once('message', resolve))
  const fillers: Socket[] = []
  // Fill the backlog until a connect hangs.
  for (let full = false; !full;) {
    const filler = connect({ port, host: '127.0.0.1' })
    filler.on('error', () => {})
    fillers.push(filler)
    full = await Promise.race([
      new Promise<boolean>((resolve) => filler.once('connect', () => resolve(false))),
      new Promise<boolean>((resolve) => setTimeout(() => resolve(true), 100)),
    ])
  }
  return {
    address: `127.0.0.1:${port}`,
    accept: () => {
      Atomics.store(gate, 0, 1)
      Atomics.notify(gate, 0)
    },
    [Symbol.asyncDispose]: async () => {
      for (const filler of fillers) filler.destroy()
      await worker.terminate()
    },
  }
}
