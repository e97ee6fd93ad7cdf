/** One message of a unit's head: its type and its payload. */
export interface PostgresMessage {
  readonly type: string
  readonly payload: Buffer
}

/** The whole messages at the beginning of a unit; an incomplete last one is left out. */
export function* messagesInHead(head: Buffer): Generator<PostgresMessage> {
  let at = 0
  while (at + 5 <= head.length) {
    const end = at + 1 + head.readInt32BE(at + 1)
    if (end > head.length || end < at + 5) return
    yield { type: String.fromCharCode(head[at] as number), payload: head.subarray(at + 5, end) }
    at = end
  }
}

/** Text up to the next zero byte, and the offset after it. */
export function cString(payload: Buffer, from: number): [string, number] {
  const found = payload.indexOf(0, from)
  const end = found === -1 ? payload.length : found
  return [payload.toString('utf8', from, end), end + 1]
}

/** The parameters of a Bind as text; binary ones as `?`. */
export function boundValues(payload: Buffer): string[] {
  const [, afterPortal] = cString(payload, 0)
  let [, at] = cString(payload, afterPortal)
  const formats = readCount(payload, at)
  const binary = formats === 1 && payload.readInt16BE(at + 2) === 1
  at += 2 + 2 * formats
  const count = readCount(payload, at)
  at += 2
  const values: string[] = []
  for (let i = 0; i < count && at + 4 <= payload.length; i++) {
    const length = payload.readInt32BE(at)
    at += 4
    if (length < 0) values.push('null')
    else {
      values.push(binary ? '?' : payload.toString('utf8', at, at + Math.min(length, 200)))
      at += length
    }
  }
  return values
}

/** Severity code and message of an ErrorResponse: `23505`, `duplicate key ...`. */
export function errorFields(payload: Buffer): { code: string; message: string } {
  let code = ''
  let message = ''
  let at = 0
  while (at < payload.length && payload[at] !== 0) {
    const field = String.fromCharCode(payload[at] as number)
    const [text, next] = cString(payload, at + 1)
    if (field === 'C') code = text
    else if (field === 'M') message = text
    at = next
  }
  return { code, message }
}

function readCount(payload: Buffer, at: number): number {
  return at + 2 <= payload.length ? payload.readInt16BE(at) : 0
}
