import { DatabaseError } from 'pg'

import { Undecided } from '../../contract-probe.ts'

/** A moment, in milliseconds. Infinity is a moment too. */
export class Instant {
  readonly ms: number

  constructor(ms: number) {
    this.ms = ms
  }
}

/** A duration in milliseconds. */
class Interval {
  readonly ms: number

  constructor(ms: number) {
    this.ms = ms
  }
}

/** A position of the write-ahead log, of type pg_lsn. */
export class Position {
  readonly byte: bigint

  constructor(byte: bigint) {
    this.byte = byte
  }
}

/** A value of type json or jsonb. */
export class Json {
  readonly value: unknown

  constructor(value: unknown) {
    this.value = value
  }
}

/**
 * A value of Postgres. A `number` is an integer, a `bigint` a bigint. Texts and parameters take the
 * type of what they are compared or combined with.
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Instant
  | Interval
  | Position
  | Json
  | readonly Value[]

/** The error that Postgres would send. */
export function sqlError(code: string, message: string, constraint?: string): DatabaseError {
  const error = new DatabaseError(message, 0, 'error')
  return Object.assign(error, { code, severity: 'ERROR', constraint })
}

const integerMax = 2n ** 31n - 1n
const bigintMax = 2n ** 63n - 1n

/** Converts to a type, as a cast does. */
export function cast(value: Value, type: string): Value {
  if (value === null) return null
  if (type.endsWith('[]')) {
    if (!Array.isArray(value)) throw new Undecided(`a cast to ${type}`)
    return (value as readonly Value[]).map((item) => cast(item, type.slice(0, -2)))
  }
  switch (type) {
    case 'integer':
      return Number(toWhole(value, integerMax, 'integer'))
    case 'bigint':
      return toWhole(value, bigintMax, 'bigint')
    case 'text':
      return toText(value)
    case 'boolean':
      return toBoolean(value)
    case 'timestamptz':
      return toInstant(value)
    case 'interval':
      return toInterval(value)
    case 'pg_lsn':
      return toPosition(value)
    case 'json':
    case 'jsonb':
      return value instanceof Json ? value : new Json(JSON.parse(toText(value)) as unknown)
    default:
      throw new Undecided(`the type ${type}`)
  }
}

function toWhole(value: Value, max: bigint, type: string): bigint {
  if (typeof value === 'boolean') return value ? 1n : 0n
  const text = toText(value).trim()
  if (!/^[-+]?\d+$/.test(text))
    throw sqlError('22P02', `invalid input syntax for type ${type}: "${text}"`)
  const whole = BigInt(text.replace(/^\+/, ''))
  if (whole > max || whole < -max - 1n)
    throw sqlError('22003', `value "${text}" is out of range for type ${type}`)
  return whole
}

export function toText(value: Value): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  if (value instanceof Json) return JSON.stringify(value.value)
  if (value instanceof Position)
    return [value.byte >> 32n, value.byte & 0xff_ff_ff_ffn]
      .map((half) => half.toString(16).toUpperCase())
      .join('/')
  if (!(value instanceof Instant)) throw new Undecided('a text of this type')
  if (!Number.isFinite(value.ms)) return value.ms > 0 ? 'infinity' : '-infinity'
  return new Date(value.ms).toISOString().replace('T', ' ').replace('Z', '+00')
}

export function toBoolean(value: Value): boolean {
  if (typeof value === 'boolean') return value
  if (value === 'true' || value === 't') return true
  if (value === 'false' || value === 'f') return false
  throw new Undecided('a boolean of another type')
}

function toInstant(value: Value): Instant {
  if (value instanceof Instant) return value
  if (typeof value !== 'string') throw new Undecided('a moment of another type')
  if (/^-?infinity$/.test(value))
    return new Instant(value.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY)
  const ms = Date.parse(value.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'))
  if (Number.isNaN(ms)) throw new Undecided(`the moment ${value}`)
  return new Instant(ms)
}

function toPosition(value: Value): Position {
  if (value instanceof Position) return value
  if (typeof value !== 'string') throw new Undecided('a position of another type')
  const [, high, low] = /^\s*([\da-f]{1,8})\/([\da-f]{1,8})\s*$/i.exec(value) ?? []
  if (high === undefined)
    throw sqlError('22P02', `invalid input syntax for type pg_lsn: "${value}"`)
  return new Position((BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`))
}

const unitMs: Readonly<Record<string, number>> = {
  millisecond: 1,
  ms: 1,
  second: 1_000,
  sec: 1_000,
  s: 1_000,
  minute: 60_000,
  min: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
}

function toInterval(value: Value): Interval {
  if (value instanceof Interval) return value
  if (typeof value !== 'string') throw new Undecided('an interval of another type')
  const [, count, unit = ''] = /^\s*(-?[\d.]+)\s*([a-z]+?)s?\s*$/i.exec(value) ?? []
  const ms = unitMs[unit.toLowerCase()] ?? unitMs[`${unit.toLowerCase()}s`]
  if (count === undefined || ms === undefined) throw new Undecided(`the interval ${value}`)
  return new Interval(Number(count) * ms)
}

type Plain = boolean | number | bigint | string

/** Less than 0, 0, or more than 0. Undefined: one of them is null. */
export function compare(left: Value, right: Value): number | undefined {
  if (left === null || right === null) return undefined
  const [a, b] = comparable(left, right)
  return a < b ? -1 : Number(a > b)
}

/** Two values as one plain type: a text takes the type of the other. */
function comparable(left: Value, right: Value): readonly [Plain, Plain] {
  if (left instanceof Instant || right instanceof Instant)
    return [toInstant(left).ms, toInstant(right).ms]
  if (left instanceof Interval || right instanceof Interval)
    return [toInterval(left).ms, toInterval(right).ms]
  if (left instanceof Position || right instanceof Position)
    return [toPosition(left).byte, toPosition(right).byte]
  if (!isPlain(left) || !isPlain(right)) throw new Undecided('a comparison of these types')
  if (typeof left === 'string' && typeof right === 'string') return [left, right]
  if (typeof left === 'boolean' || typeof right === 'boolean')
    return [toBoolean(left), toBoolean(right)]
  return [toWhole(left, bigintMax, 'bigint'), toWhole(right, bigintMax, 'bigint')]
}

function isPlain(value: Value): value is Plain {
  return ['boolean', 'number', 'bigint', 'string'].includes(typeof value)
}

/** + - * / % */
export function calculate(operator: string, left: Value, right: Value): Value {
  if (left === null || right === null) return null
  if (left instanceof Instant || right instanceof Instant) return moveInstant(operator, left, right)
  if (left instanceof Interval || right instanceof Interval) {
    const [interval, factor] = left instanceof Interval ? [left, right] : [right as Interval, left]
    if (operator === '*') return new Interval(interval.ms * Number(factor))
    const sign = operator === '-' ? -1 : 1
    if (operator !== '+' && operator !== '-') throw new Undecided('an operation with an interval')
    return new Interval(toInterval(left).ms + sign * toInterval(right).ms)
  }
  if (left instanceof Position || right instanceof Position) {
    if (operator !== '-') throw new Undecided('an operation with a position')
    return toPosition(left).byte - toPosition(right).byte
  }
  const [a, b] = [toWhole(left, bigintMax, 'bigint'), toWhole(right, bigintMax, 'bigint')]
  if (b === 0n && (operator === '/' || operator === '%'))
    throw sqlError('22012', 'division by zero')
  const isBig = typeof left === 'bigint' || typeof right === 'bigint'
  const result = wholeOperations[operator]?.(a, b)
  if (result === undefined) throw new Undecided(`the operator ${operator}`)
  if (isBig) return toWhole(result, bigintMax, 'bigint')
  return Number(toWhole(result, integerMax, 'integer'))
}

const wholeOperations: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
}

function moveInstant(operator: string, left: Value, right: Value): Value {
  if (left instanceof Instant && right instanceof Instant && operator === '-')
    return new Interval(left.ms - right.ms)
  const [moment, by] = left instanceof Instant ? [left, right] : [right as Instant, left]
  if (operator === '+') return new Instant(moment.ms + toInterval(by).ms)
  if (operator === '-' && left instanceof Instant) return new Instant(left.ms - toInterval(by).ms)
  throw new Undecided('an operation with a moment')
}

/** A parameter of the driver as a value. */
export function fromDriver(given: unknown): Value {
  if (given === null || given === undefined) return null
  if (given instanceof Date) return new Instant(given.getTime())
  if (Array.isArray(given)) return given.map((item) => fromDriver(item))
  if (typeof given === 'object') return JSON.stringify(given)
  if (typeof given === 'number') {
    if (!Number.isInteger(given)) throw new Undecided('a parameter that is not a whole number')
    return Math.abs(given) < 2 ** 31 ? given : BigInt(given)
  }
  if (['boolean', 'bigint', 'string'].includes(typeof given)) return given as Value
  throw new Undecided(`a parameter of type ${typeof given}`)
}

/** A value as the driver returns it. */
export function toDriver(value: Value): unknown {
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Json) return structuredClone(value.value)
  if (value instanceof Position) return toText(value)
  if (value instanceof Instant) return Number.isFinite(value.ms) ? new Date(value.ms) : value.ms
  if (value instanceof Interval) throw new Undecided('an interval in a result')
  if (Array.isArray(value)) return (value as readonly Value[]).map((item) => toDriver(item))
  return value
}
