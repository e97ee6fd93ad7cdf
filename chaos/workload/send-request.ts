import { createHash } from 'node:crypto'

import type { Dispatcher, Pool } from 'undici'

import { abortWith } from '#chaos/lib/abort-with.ts'
import type { Clock } from '#chaos/lib/clock.ts'

/** One HTTP request as the client writes it. */
export interface ClientRequest {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/** An answer with its parsed body, or why there was none. `sent` is false if no byte of the request left. */
export type ClientResponse =
  | { readonly status: number; readonly body: unknown; readonly answerHash: string }
  | { readonly error: string; readonly sent: boolean }

/** Bodies of the shop are below a kilobyte; whatever is larger is not read to its end. */
const bodyBytesMax = 1_000_000

/**
 * Sends one request and resolves with what came of it; it never rejects. After `timeoutMs` the connection is given up, as
 * a client does: the server may still be working.
 */
export async function sendRequest(
  pool: Pool,
  request: ClientRequest,
  { timeoutMs, clock, signal }: { timeoutMs: number; clock: Clock; signal: AbortSignal },
): Promise<ClientResponse> {
  using patience = abortWith(signal)
  return await new Promise<ClientResponse>((resolve) => {
    const exchange = createExchange((reply) => {
      patience.abort()
      resolve(reply)
    })
    const giveUp = (): void => exchange.giveUp('timeout')
    clock.sleep(timeoutMs, patience.signal).then(giveUp, () => {
      // The answer came first, or the whole run was aborted: then nobody waits for this one.
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

/** Below `pool.request`, because only a dispatch handler is told whether a request was written or still waited. */
function createExchange(settle: (reply: ClientResponse) => void): {
  handler: Dispatcher.DispatchHandler
  giveUp: (why: string) => void
} {
  let controller: Dispatcher.DispatchController | undefined
  let givenUp: string | undefined
  let status = 0
  let bytes = 0
  const chunks: Buffer[] = []
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart(started) {
      controller = started
      // Aborted while it waited for a connection: undici does not write it then.
      if (givenUp !== undefined) started.abort(new Error(givenUp))
    },
    onResponseStart(_controller, statusCode) {
      status = statusCode
    },
    onResponseData(_controller, chunk) {
      bytes += chunk.length
      if (bytes <= bodyBytesMax) chunks.push(chunk)
    },
    onResponseEnd() {
      const body = Buffer.concat(chunks)
      const answerHash = createHash('sha256').update(body).digest('hex')
      settle({ status, body: parse(body), answerHash })
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
  // undici's word for "the other side closed while an answer was due".
  return code === 'UND_ERR_SOCKET' ? 'connection closed' : (code ?? error.message)
}
