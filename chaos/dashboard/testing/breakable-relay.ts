import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

/** A TCP relay to the controller. A test can cut its connections and let it connect again. */
export interface BreakableRelay extends AsyncDisposable {
  readonly url: string
  /** Resets every connection and refuses new ones. */
  cut(): void
  /** Accepts connections again; with `to`, it relays them to another target. */
  reconnect(to?: string): void
}

export async function openBreakableRelay(target: string): Promise<BreakableRelay> {
  let { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  let accepting = true
  const server = createServer((client) => {
    if (!accepting) return client.resetAndDestroy()
    const upstream = connect(Number(port), hostname)
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
    return undefined
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cut = (): void => {
    accepting = false
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    reconnect: (to = target) => {
      ;({ hostname, port } = new URL(to))
      accepting = true
    },
    [Symbol.asyncDispose]: async () => {
      cut()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
