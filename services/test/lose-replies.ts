import { request as send } from 'node:http'

import { serveHttp } from './serve-http.ts'
import type { TestServer } from './serve-http.ts'

export interface LossyFront extends TestServer {
  /** How many replies are lost from now on: the service executes the request, and the connection breaks. */
  lose(replies: number): void
}

/** A link in front of a service that can lose replies. */
export async function loseReplies(upstream: string): Promise<LossyFront> {
  let toLose = 0
  const server = await serveHttp((request, response) => {
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
  return {
    ...server,
    lose(replies) {
      toLose = replies
    },
  }
}
