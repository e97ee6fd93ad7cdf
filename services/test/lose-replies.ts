import { once } from 'node:events'
import { createServer, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface LossyFront extends AsyncDisposable {
  readonly url: string
  /** How many replies are lost from now on: the service executes the request, and the connection breaks. */
  lose(replies: number): void
}

/** A link in front of a service that can lose replies. */
export async function loseReplies(upstream: string): Promise<LossyFront> {
  let toLose = 0
  const server = createServer((request, response) => {
    const { method, url, headers } = request
    const forwarded = send(`${upstream}${url}`, { method, headers }, (reply) => {
      if (toLose > 0) {
        toLose -= 1
        reply.resume()
        response.destroy()
        return
      }
      response.writeHead(reply.statusCode ?? 502, reply.headers)
      reply.pipe(response)
    })
    forwarded.on('error', () => response.destroy())
    request.pipe(forwarded)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lose(replies) {
      toLose = replies
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
