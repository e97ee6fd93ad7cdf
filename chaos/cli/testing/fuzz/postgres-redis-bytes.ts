import type { Random } from '#chaos/lib/random.ts'

import { randomBytes } from './http-bytes.ts'

/** Bytes on a link of Postgres: a startup or messages, with mistakes in types and lengths. */
export function postgresBytes(random: Random): Buffer {
  const lengths = [0, 1, 3, 4, 5, 8, 100, 2 ** 16, 2 ** 31 - 1, -1, -(2 ** 31)]
  const int32 = (value: number): Buffer => {
    const bytes = Buffer.alloc(4)
    bytes.writeInt32BE(value)
    return bytes
  }
  const parameters = 'user\0shop\0database\0shop\0\0'
  const startup = (): Buffer => {
    const version = random.pick([196_608, 196_610, 80_877_103, 80_877_102, 80_877_104, 0, -1])
    const rest = Buffer.concat([
      int32(version),
      Buffer.from(random.pick([parameters, '\0', 'user', ''])),
    ])
    const length = random.next() < 0.5 ? rest.length + 4 : random.pick(lengths)
    return Buffer.concat([int32(length), rest])
  }
  const message = (): Buffer => {
    const type = random.pick(['Q', 'P', 'B', 'E', 'S', 'X', 'd', 'c', 'p', '\0', 'z', '\xff'])
    const content = random.pick([
      Buffer.from('SELECT 1\0'),
      Buffer.from('COMMIT'),
      Buffer.from(`SELECT '${'x'.repeat(5_000)}`),
      randomBytes(random, 30),
      Buffer.alloc(0),
    ])
    const length = random.next() < 0.5 ? content.length + 4 : random.pick(lengths)
    return Buffer.concat([Buffer.from(type, 'latin1'), int32(length), content])
  }
  const parts = Array.from({ length: random.integer(0, 4) }, message)
  const bytes = Buffer.concat(random.next() < 0.8 ? [startup(), ...parts] : parts)
  return random.next() < 0.2 ? bytes.subarray(0, random.integer(0, bytes.length)) : bytes
}

/** Bytes on a link of Redis: RESP with mistakes in types and lengths. No command changes anything. */
export function redisBytes(random: Random): Buffer {
  const lengths = [
    '-1',
    '-2',
    '0',
    '1',
    '3',
    '99999999999',
    'x',
    '',
    '1e9',
    '2147483648',
    '9223372036854775808',
  ]
  const value = (depth: number): string => {
    switch (random.integer(0, 9)) {
      case 0:
        return `$${random.pick(lengths)}\r\nPING\r\n`
      case 1:
        return `*${random.pick(lengths)}\r\n`
      case 2:
        return depth > 4 ? ':1\r\n' : `*2\r\n${value(depth + 1)}${value(depth + 1)}`
      case 3:
        return `${random.pick(['+', '-', ':', ',', '#', '(', '_', '=', '%', '~', '>', '|', '!'])}${random.pick(lengths)}\r\n`
      case 4:
        return `*1\r\n`.repeat(random.pick([10, 500, 20_000]))
      case 5:
        return `PING ${'x'.repeat(random.pick([10, 1_000, 70_000]))}\r\n`
      case 6:
        return `*1\r\n$4\r\nPING\n\n`
      default:
        return '*1\r\n$4\r\nPING\r\n'
    }
  }
  const text = Array.from({ length: random.integer(1, 4) }, () => value(0)).join('')
  const bytes = Buffer.from(text)
  if (random.next() < 0.2) return randomBytes(random, random.integer(1, 300))
  return random.next() < 0.2 ? bytes.subarray(0, random.integer(0, bytes.length)) : bytes
}
