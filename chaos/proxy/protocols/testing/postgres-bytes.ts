function message(type: string, payload: Buffer | string = ''): Buffer {
  const body = Buffer.from(payload as string)
  const head = Buffer.alloc(5)
  head.write(type, 0, 'latin1')
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

function startup(code: number, payload = ''): Buffer {
  const body = Buffer.from(payload)
  const head = Buffer.alloc(8)
  head.writeInt32BE(body.length + 8, 0)
  head.writeInt32BE(code, 4)
  return Buffer.concat([head, body])
}

const version3 = 196_608

function query(sql: string): Buffer {
  return message('Q', `${sql}\0`)
}

function parse(name: string, sql: string): Buffer {
  return message('P', `${name}\0${sql}\0\0\0`)
}

/** A Bind with text parameters. */
function bind(statement: string, values: readonly string[] = [], portal = ''): Buffer {
  const parts: Buffer[] = [Buffer.from(`${portal}\0${statement}\0`), int16(0), int16(values.length)]
  for (const value of values) parts.push(int32(Buffer.byteLength(value)), Buffer.from(value))
  parts.push(int16(0))
  return message('B', Buffer.concat(parts))
}

function execute(portal = ''): Buffer {
  return message('E', Buffer.concat([Buffer.from(`${portal}\0`), int32(0)]))
}

const sync = message('S')
const flush = message('H')

/** Everything that pg sends for one query with parameters. */
function extended(sql: string, values: readonly string[] = []): Buffer {
  return Buffer.concat([parse('', sql), bind('', values), message('D', 'P\0'), execute(), sync])
}

function ready(status: 'I' | 'T' | 'E'): Buffer {
  return message('Z', status)
}

function complete(tag: string): Buffer {
  return message('C', `${tag}\0`)
}

function authentication(code: number): Buffer {
  return message('R', int32(code))
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE(value)
  return bytes
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

/** Writes Postgres messages, for tests. */
export const postgresBytes = {
  message,
  startup,
  version3,
  query,
  parse,
  bind,
  execute,
  sync,
  flush,
  extended,
  ready,
  complete,
  authentication,
}
