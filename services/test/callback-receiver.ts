import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'

import { signatureHeader } from '#services/lib/callbacks/payment-event.ts'
import type { PaymentEvent } from '#services/lib/callbacks/payment-event.ts'

import { serveHttp } from './serve-http.ts'
import type { TestServer } from './serve-http.ts'

export interface ReceivedCallback {
  readonly path: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly event: PaymentEvent
}

/** Returns the status of the response, or undefined: the connection breaks without one. */
export type CallbackReaction = (callback: ReceivedCallback) => Promise<number | undefined>

export interface CallbackReceiver extends TestServer {
  readonly received: readonly ReceivedCallback[]
  react: CallbackReaction
}

/** Receives callbacks instead of the shop, in tests that lose, repeat and swap them. */
export async function openCallbackReceiver(): Promise<CallbackReceiver> {
  const received: ReceivedCallback[] = []
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = Buffer.concat(await request.toArray()).toString()
    const { url: path, headers } = request
    const callback = { path, headers, text, event: JSON.parse(text) as PaymentEvent }
    received.push(callback)
    const status = await receiver.react(callback)
    if (status === undefined) response.destroy()
    else response.writeHead(status).end()
  }
  const server = await serveHttp((request, response) => void answer(request, response))
  const receiver: CallbackReceiver = { ...server, received, react: async () => 204 }
  return receiver
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
      [signatureHeader]: String(headers[signatureHeader]),
    },
    body: text,
    signal: AbortSignal.timeout(10_000),
  })
  await response.arrayBuffer()
  return response.status
}
