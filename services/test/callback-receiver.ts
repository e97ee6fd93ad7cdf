import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { PaymentEvent } from '#services/lib/callbacks/payment-event.ts'

export interface ReceivedCallback {
  readonly path: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly event: PaymentEvent
}

/** Returns the status of the response, or undefined: the connection breaks without one. */
export type CallbackReaction = (callback: ReceivedCallback) => Promise<number | undefined>

export interface CallbackReceiver extends AsyncDisposable {
  readonly url: string
  readonly received: readonly ReceivedCallback[]
  react: CallbackReaction
}

/** Receives callbacks instead of the shop, in tests that lose, repeat and swap them. */
export async function openCallbackReceiver(): Promise<CallbackReceiver> {
  const received: ReceivedCallback[] = []
  const receiver: CallbackReceiver = {
    url: '',
    received,
    react: async () => 204,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = Buffer.concat(await request.toArray()).toString()
    const { url: path, headers } = request
    const callback = { path, headers, text, event: JSON.parse(text) as PaymentEvent }
    received.push(callback)
    const status = await receiver.react(callback)
    if (status === undefined) response.destroy()
    else response.writeHead(status).end()
  }
  const server = createServer((request, response) => void answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return Object.assign(receiver, { url: `http://127.0.0.1:${port}` })
}

/** Sends a callback on to the shop, as it arrived. Resolves to the status of the response. */
export async function forward(
  { text, headers }: ReceivedCallback,
  shopUrl: string,
): Promise<number> {
  const response = await fetch(`${shopUrl}/payment-events`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'payments-signature': String(headers['payments-signature']),
    },
    body: text,
    signal: AbortSignal.timeout(10_000),
  })
  await response.arrayBuffer()
  return response.status
}
