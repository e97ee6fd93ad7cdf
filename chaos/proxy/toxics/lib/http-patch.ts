import { STATUS_CODES } from 'node:http'
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'

/** What is changed in a response. */
export interface HttpPatch {
  /** The status that it had, when absent. */
  readonly status: number | undefined
  /** Each replaces all headers of its name. An empty value removes them. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** A new body. */
  readonly body: string | undefined
  /** A JSON merge patch (RFC 7396) of the body. It applies to a body that is JSON. */
  readonly merge: { readonly patch: unknown } | undefined
}

/** A body that is longer than this when it is decompressed stays as it is. */
const inflatedMax = 16 * 1024 * 1024

const decoders: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  gzip: (body) => gunzipSync(body, { maxOutputLength: inflatedMax }),
  'x-gzip': (body) => gunzipSync(body, { maxOutputLength: inflatedMax }),
  deflate: (body) => inflateSync(body, { maxOutputLength: inflatedMax }),
  br: (body) => brotliDecompressSync(body, { maxOutputLength: inflatedMax }),
}

/**
 * The response with the changes, or undefined if they cannot be made: the body must be merged and is not JSON, or its
 * compression is unknown. `response` is one whole response, with the interim ones before it. `toHead`: it is the response
 * to HEAD, which has the headers of a body and no body.
 */
export function patchResponse(
  response: Buffer,
  patch: HttpPatch,
  toHead = false,
): Buffer | undefined {
  const from = finalFrom(response)
  const bodyFrom = response.indexOf('\r\n\r\n', from) + 4
  const [statusLine = '', ...headers] = response
    .toString('latin1', from, bodyFrom - 4)
    .split('\r\n')
  const parsed = /^(HTTP\/\d\.\d) (\d+) ?(.*)$/.exec(statusLine)
  if (parsed === null) return undefined
  const [, version = '', before = '', reason = ''] = parsed
  const had = Number(before)
  const status = patch.status ?? had
  const fields = new Fields(headers)
  const sent = response.subarray(bodyFrom)
  const changed = changedBody(sent, fields, patch)
  if (changed === 'impossible') return undefined
  const body = withBody(status, fields, changed ?? sent, {
    isNew: changed !== undefined,
    appears: hasNoBody(had) && !hasNoBody(status),
  })
  for (const [name, value] of patch.headers) fields.set(name, value)
  const phrase = status === had ? reason : (STATUS_CODES[status] ?? 'Injected')
  const head = [`${version} ${status} ${phrase}`, ...fields.lines].join('\r\n')
  return Buffer.concat([
    response.subarray(0, from),
    Buffer.from(`${head}\r\n\r\n`, 'latin1'),
    ...(toHead ? [] : [body]),
  ])
}

/** The header lines of one message, in their sequence. */
class Fields {
  lines: string[]

  constructor(lines: readonly string[]) {
    this.lines = lines.filter((line) => line !== '')
  }

  get(name: string): string | undefined {
    const line = this.lines.find((each) => nameOf(each) === name.toLowerCase())
    return line?.slice(line.indexOf(':') + 1).trim()
  }

  /** Replaces all fields of this name, in the place of the first one. An empty value removes them. */
  set(name: string, value: string): void {
    const at = this.lines.findIndex((line) => nameOf(line) === name.toLowerCase())
    this.lines = this.lines.filter((line) => nameOf(line) !== name.toLowerCase())
    if (value === '') return
    this.lines.splice(at === -1 ? this.lines.length : at, 0, `${name}: ${value}`)
  }
}

/** The new body without compression; undefined if it stays as it is. */
function changedBody(
  sent: Buffer,
  fields: Fields,
  { body, merge }: HttpPatch,
): Buffer | 'impossible' | undefined {
  if (body !== undefined) return Buffer.from(body)
  if (merge === undefined) return undefined
  try {
    const chunked = fields.get('transfer-encoding')?.toLowerCase() === 'chunked'
    const plain = decoded(chunked ? joinChunks(sent) : sent, fields.get('content-encoding'))
    if (plain === undefined) return 'impossible'
    const value: unknown = JSON.parse(plain.toString())
    return Buffer.from(JSON.stringify(mergePatch(value, merge.patch)))
  } catch {
    return 'impossible'
  }
}

/** Sets the headers that frame and encode the body; returns the bytes to send. */
function withBody(
  status: number,
  fields: Fields,
  body: Buffer,
  { isNew, appears }: { readonly isNew: boolean; readonly appears: boolean },
): Buffer {
  if (hasNoBody(status)) {
    for (const name of ['content-length', 'transfer-encoding', 'trailer']) fields.set(name, '')
    return Buffer.alloc(0)
  }
  if (!isNew && !appears) return body
  for (const name of ['transfer-encoding', 'trailer']) fields.set(name, '')
  fields.set('content-length', String(body.length))
  if (isNew)
    for (const name of [
      'content-encoding',
      'content-md5',
      'digest',
      'content-digest',
      'repr-digest',
    ])
      fields.set(name, '')
  return body
}

function hasNoBody(status: number): boolean {
  return status === 204 || status === 304
}

/** Where the final response begins, after the interim ones. */
function finalFrom(response: Buffer): number {
  let from = 0
  for (;;) {
    const status = /^HTTP\/\d\.\d (\d+)/.exec(response.toString('latin1', from, from + 16))?.[1]
    const end = response.indexOf('\r\n\r\n', from)
    if (end === -1 || Number(status) >= 200 || status === undefined || status === '101') return from
    from = end + 4
  }
}

function nameOf(line: string): string {
  return line.slice(0, line.indexOf(':')).trim().toLowerCase()
}

function decoded(body: Buffer, encoding: string | undefined): Buffer | undefined {
  if (encoding === undefined || encoding.toLowerCase() === 'identity') return body
  return decoders[encoding.toLowerCase()]?.(body)
}

/** The content of a chunked body, which was already found valid. */
function joinChunks(body: Buffer): Buffer {
  const parts: Buffer[] = []
  let at = 0
  for (;;) {
    const lineEnd = body.indexOf('\n', at)
    const size = Number.parseInt(body.toString('latin1', at, lineEnd), 16)
    if (!(size > 0)) return Buffer.concat(parts)
    parts.push(body.subarray(lineEnd + 1, lineEnd + 1 + size))
    at = body.indexOf('\n', lineEnd + 1 + size) + 1
  }
}

/** RFC 7396: null removes a member, an object is merged, any other value replaces. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch
  const merged = new Map(isObject(target) ? Object.entries(target) : [])
  for (const [name, value] of Object.entries(patch))
    if (value === null) merged.delete(name)
    else merged.set(name, mergePatch(merged.get(name), value))
  return Object.fromEntries(merged)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
