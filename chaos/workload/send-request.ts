import { createHash } from 'node:crypto'

import type { Dispatcher, Pool } from 'undici'

import type { ClientRequest, ResponseHeaders } from '#chaos/contracts/system/workload.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { abortWith } from '#chaos/lib/signals/abort-with.ts'

/** A response with its parsed body, or the reason why there is none. `sent` is false if no byte of the request left. */
export type ClientResponse =
  | {
      readonly status: number
      readonly body: unknown
      readonly answerHash: string
      /** Its names are in lower case. */
      readonly headers: ResponseHeaders
    }
  | { readonly error: string; readonly sent: boolean }

/** Bodies are below one kilobyte. Bytes beyond this limit are dropped. */
const bodyBytesMax = 1_000_000

/**
 * Sends one request and resolves with its result. It never rejects. After `timeoutMs` it closes the connection, like a real
 * client. The server may still process the request.
 */
export async function sendRequest(
  pool: Pool,
  request: ClientRequest,
  { timeoutMs, clock, signal }: { timeoutMs: number; clock: Clock; signal: AbortSignal },
): Promise<ClientResponse> {
  using waiting = abortWith(signal)
  return await new Promise<ClientResponse>((resolve) => {
    const exchange = createExchange((response) => {
      waiting.abort()
      resolve(response)
    })
    const giveUp = (): void => exchange.giveUp('timeout')
    clock.sleep(timeoutMs, waiting.signal).then(giveUp, () => {
      // The response came first, or the run was aborted: then the request ends as well.
      if (signal.aborted) exchange.giveUp('aborted')
    })
    pool.dispatch(
      {
        method: request.method,
        path: request.path,
        headers: request.headers,
        ...(request.body === undefined ? {} : { body: request.body }),
      },
      exchange.handler,
    )
  })
}

/** A handler for `pool.dispatch`. `pool.request` does not report whether the request was written. */
function createExchange(settle: (response: ClientResponse) => void): {
  handler: Dispatcher.DispatchHandler
  giveUp: (why: string) => void
} {
  let controller: Dispatcher.DispatchController | undefined
  let givenUp: string | undefined
  let status = 0
  let received: ResponseHeaders = {}
  let bytes = 0
  const chunks: Buffer[] = []
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart(started) {
      controller = started
      // Aborted before it had a connection: undici does not write the request.
      if (givenUp !== undefined) started.abort(new Error(givenUp))
    },
    onResponseStart(_controller, statusCode, headers) {
      status = statusCode
      received = headers
    },
    onResponseData(_controller, chunk) {
      bytes += chunk.length
      if (bytes <= bodyBytesMax) chunks.push(chunk)
    },
    onResponseEnd() {
      const body = Buffer.concat(chunks)
      const answerHash = createHash('sha256').update(body).digest('hex')
      settle({ status, body: parse(body), answerHash, headers: received })
    },
    onResponseError(_controller, error) {
      settle({ error: givenUp ?? codeOf(error), sent: controller !== undefined })
    },
  }
  return {
    handler,
    giveUp: (why) => {
      givenUp = why
      if (controller === undefined) settle({ error: why, sent: false })
      else controller.abort(new Error(why))
    },
  }
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'error'
  const { code } = error as NodeJS.ErrnoException
  // The code of undici for a connection that the server closed before its response.
  return code === 'UND_ERR_SOCKET' ? 'connection closed' : (code ?? error.message)
}
