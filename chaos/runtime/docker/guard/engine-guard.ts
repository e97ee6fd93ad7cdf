import { createServer, request as httpRequest } from 'node:http'
import type { IncomingMessage, OutgoingHttpHeaders, Server, ServerResponse } from 'node:http'

import { messageOf } from '#chaos/lib/errors.ts'

import { decide } from './decide.ts'
import type { GuardedProject, OwnerOf } from './sidecar-problem.ts'

export interface EngineGuardOptions {
  readonly socketPath: string
  readonly project: GuardedProject
  readonly ownerOf: OwnerOf
  readonly log: (text: string) => void
}

/** Longer than any description of a sidecar. */
const bodyMaxBytes = 64 * 1024

/**
 * A proxy between the controller and the engine: forwards what {@link decide} passes, and answers
 * 403 to the rest.
 */
export function createEngineGuard(options: EngineGuardOptions): Server {
  return createServer((incoming, response) => {
    handle(incoming, response, options).catch((error: unknown) =>
      answer(response, 502, `The engine does not answer: ${messageOf(error)}`),
    )
  })
}

async function handle(
  incoming: IncomingMessage,
  response: ServerResponse,
  { socketPath, project, ownerOf, log }: EngineGuardOptions,
): Promise<void> {
  const url = new URL(incoming.url ?? '/', 'http://guard')
  const method = incoming.method ?? 'GET'
  const path = url.pathname.replace(/^\/v\d+\.\d+(?=\/)/, '')
  // An archive is a file for a container, not JSON.
  const isFile = method === 'PUT' && path.endsWith('/archive')
  const body = isFile ? undefined : readJson(await readBody(incoming))
  const refusal = await decide({ method, path, query: url.searchParams, body }, project, ownerOf)
  if (refusal !== undefined) {
    log(`refused ${method} ${path}: ${refusal}`)
    return answer(response, 403, `Refused: ${refusal}.`)
  }
  // The path without its version and the body serialized again: the engine reads exactly what was
  // checked.
  const described = path.endsWith('/create') || path.endsWith('/update') ? body : undefined
  const text = described === undefined ? '' : JSON.stringify(described)
  await forward(incoming, response, {
    socketPath,
    method,
    path: `${path}${url.search}`,
    ...(isFile ? {} : { text }),
  })
}

interface Forwarded {
  readonly socketPath: string
  readonly method: string
  readonly path: string
  /** Absent: the body is forwarded unchanged. */
  readonly text?: string
}

async function forward(
  incoming: IncomingMessage,
  response: ServerResponse,
  { text, ...where }: Forwarded,
): Promise<void> {
  const headers: OutgoingHttpHeaders = { ...incoming.headers, host: 'docker' }
  if (text !== undefined) {
    delete headers['transfer-encoding']
    headers['content-length'] = Buffer.byteLength(text)
  }
  await new Promise<void>((resolve, reject) => {
    const outgoing = httpRequest({ ...where, headers, agent: false }, (reply) => {
      response.writeHead(reply.statusCode ?? 502, reply.headers)
      // Events and logs may send nothing for a long time. The caller needs the headers at once.
      response.flushHeaders()
      reply.pipe(response)
      reply.on('end', resolve)
      reply.on('error', reject)
    })
    outgoing.on('error', reject)
    response.on('close', () => outgoing.destroy())
    if (text === undefined) incoming.pipe(outgoing)
    else outgoing.end(text)
  })
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > bodyMaxBytes) throw new Error(`the request is larger than ${bodyMaxBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function readJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString())
  } catch {
    return undefined
  }
}

function answer(response: ServerResponse, status: number, message: string): void {
  if (response.headersSent) return void response.destroy()
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ message }))
}
