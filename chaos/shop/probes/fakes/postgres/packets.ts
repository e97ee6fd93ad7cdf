/** What the fake Postgres understands of a client's bytes, and the messages that it replies with. */

/** Cuts a stream of bytes into messages. The first one has no type. */
export function createPacketReader(take: (packet: Packet) => void): (bytes: Buffer) => void {
  let started = false
  let pending = Buffer.alloc(0)
  return (bytes) => {
    pending = Buffer.concat([pending, bytes])
    for (;;) {
      const header = started ? 1 : 0
      if (pending.length < header + 4) return
      const length = pending.readInt32BE(header) + header
      if (pending.length < length) return
      const type = started ? String.fromCharCode(pending[0] ?? 0) : 'startup'
      const body = pending.subarray(header + 4, length)
      pending = pending.subarray(length)
      started = true
      take({ type, body })
    }
  }
}

export interface Packet {
  /** `Q`, `P` ..., or `startup`. */
  readonly type: string
  readonly body: Buffer
}

const protocolVersion = 196_608

/** The parameters of a startup message. Undefined for every other request, such as a cancellation. */
export function parametersIn(body: Buffer): Readonly<Record<string, string>> | undefined {
  if (body.readInt32BE(0) !== protocolVersion) return undefined
  const texts = body.subarray(4).toString().split('\0')
  const pairs = texts.flatMap((name, i) => (i % 2 === 0 ? [[name, texts[i + 1] ?? '']] : []))
  const { options = '', ...own } = Object.fromEntries(pairs) as Record<string, string>
  const inOptions = [...options.matchAll(/(?:-c\s*|--)([\w.]+)=(\S+)/g)].map(
    ([, name = '', value = '']) => [name, value] as const,
  )
  return { ...own, ...Object.fromEntries(inOptions) }
}

/** The SQL in a Query message. */
export function queryIn(body: Buffer): string {
  return body.subarray(0, -1).toString()
}

/** The SQL in a Parse message: after the statement's name. */
export function statementIn(body: Buffer): string {
  return body.toString().split('\0')[1] ?? ''
}

/** Milliseconds in a setting such as `700`, `700ms`, `3s` or `'3 s'`. 0 means none. */
export function settingMs(text: string): number {
  const [, count = '0', unit = 'ms'] = /^'?\s*(\d+)\s*(ms|s|min|h)?\s*'?$/.exec(text) ?? []
  const unitMs = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000 }[unit] ?? 1
  return Number(count) * unitMs
}

export const authenticated = message('R', Buffer.alloc(4))
export const parsed = message('1')
export const bound = message('2')
export const closed = message('3')
export const noData = message('n')

/** `I` is idle, `T` in a transaction, `E` in a transaction that failed. */
export function ready(state: 'I' | 'T' | 'E'): Buffer {
  return message('Z', Buffer.from(state))
}

export function rejection(severity: 'ERROR' | 'FATAL', code: string, text: string): Buffer {
  const fields = [`S${severity}`, `V${severity}`, `C${code}`, `M${text}`, '']
  return message('E', Buffer.from(fields.map((field) => `${field}\0`).join('')))
}

export function isSelect(sql: string): boolean {
  return /^\s*select\b/i.test(sql)
}

/** A SELECT returns one column with the number 1: enough for a test of the connection. */
export function description(sql: string): readonly Buffer[] {
  if (!isSelect(sql)) return []
  const [, alias = '?column?'] = /\bas\s+"?(\w+)/i.exec(sql) ?? []
  const column = Buffer.alloc(18)
  column.writeInt32BE(23, 6) // int4
  column.writeInt16BE(4, 10)
  return [message('T', Buffer.concat([Buffer.from([0, 1]), Buffer.from(`${alias}\0`), column]))]
}

export function row(sql: string): readonly Buffer[] {
  return isSelect(sql) ? [message('D', Buffer.from([0, 1, 0, 0, 0, 1, '1'.charCodeAt(0)]))] : []
}

/** The tag of a statement, such as COMMIT. */
export function completed(sql: string): Buffer {
  const [command = ''] = sql.trim().split(/\W/)
  return message('C', Buffer.from(`${command.toUpperCase()}\0`))
}

function message(type: string, body: Buffer = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(5)
  header.write(type)
  header.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([header, body])
}
