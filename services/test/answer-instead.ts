import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface FrontOf extends AsyncDisposable {
  readonly url: string
  /** From now on every request reaches the service. */
  heal(): void
}

/**
 * A process in front of a service, like a proxy: it answers some paths itself, with status 200, and the
 * service never receives those requests. The answer is JSON, or a text as it is.
 */
export async function answerInstead(
  upstream: string,
  bodyFor: (path: string) => object | string | undefined,
): Promise<FrontOf> {
  let isHealed = false
  const server = createServer((request, response) => {
    const body = isHealed ? undefined : bodyFor(request.url ?? '')
    if (body !== undefined) {
      request.resume()
      response.end(typeof body === 'string' ? body : JSON.stringify(body))
      return
    }
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const headers = Object.entries(request.headers)
        .filter(([name]) => name === 'content-type' || name === 'idempotency-key')
        .map(([name, value]): [string, string] => [name, String(value)])
      fetch(`${upstream}${request.url}`, {
        method: request.method ?? 'GET',
        headers,
        ...(request.method === 'POST' ? { body: Buffer.concat(chunks) } : {}),
      }).then(
        async (answer) => response.writeHead(answer.status).end(await answer.text()),
        () => response.destroy(),
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heal() {
      isHealed = true
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
