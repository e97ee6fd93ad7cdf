import { leaseMaxMs } from '#chaos/contracts/fault.ts'
import type { TrapRequest } from '#chaos/contracts/links.ts'
import { countMax, entriesMax } from '#chaos/contracts/max.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { excerpt } from '#chaos/lib/excerpt.ts'

import { fieldLengthMax } from '../http/fields.ts'

/** Validates a trap that came over HTTP. Throws an InputError that names the field, the value and what is allowed. */
export function readTrapRequest(body: unknown): TrapRequest {
  const given = objectOf(body, 'trap')
  const transaction = optionalText(given, 'transaction')
  return {
    id: text(given, 'id'),
    links: names(given, 'links'),
    exchange: text(given, 'exchange'),
    nth: given['nth'] === undefined ? 1 : integer(given, 'nth', countMax),
    phase: oneOf(given, 'phase', ['before', 'after'] as const),
    then: action(given['then'] ?? { do: 'deliver' }),
    expiresInMs: integer(given, 'expiresInMs', leaseMaxMs),
    ...(transaction === undefined ? {} : { transaction }),
    ...(given['afterExchange'] === undefined
      ? {}
      : { afterExchange: earlier(given['afterExchange']) }),
  }
}

function earlier(value: unknown): NonNullable<TrapRequest['afterExchange']> {
  const given = objectOf(value, 'afterExchange')
  const transaction = optionalText(given, 'transaction')
  return {
    links: names(given, 'links'),
    exchange: text(given, 'exchange'),
    ...(transaction === undefined ? {} : { transaction }),
  }
}

function action(value: unknown): TrapRequest['then'] {
  const given = objectOf(value, 'then')
  const kinds = ['cut', 'silence', 'delay', 'deliver', 'replace', 'hold'] as const
  const kind = oneOf(given, 'do', kinds)
  if (kind === 'delay') return { do: kind, delayMs: integer(given, 'delayMs', leaseMaxMs) }
  if (kind === 'replace') return { do: kind, reply: text(given, 'reply') }
  if (kind === 'hold' && given['dying'] !== undefined)
    return { do: kind, dying: oneOf(given, 'dying', ['caller', 'callee'] as const) }
  return { do: kind }
}

type Fields = Readonly<Record<string, unknown>>

function objectOf(value: unknown, name: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw wrong(name, value, 'an object')
}

function text(fields: Fields, name: string): string {
  const value = fields[name]
  if (typeof value === 'string' && value !== '' && value.length <= fieldLengthMax) return value
  throw wrong(name, value, `a text of 1 to ${fieldLengthMax} characters`)
}

function optionalText(fields: Fields, name: string): string | undefined {
  return fields[name] === undefined ? undefined : text(fields, name)
}

function names(fields: Fields, name: string): string[] {
  const value = fields[name]
  const isName = (one: unknown): one is string =>
    typeof one === 'string' && one.length <= fieldLengthMax
  if (Array.isArray(value) && value.length > 0 && value.length <= entriesMax && value.every(isName))
    return value
  throw wrong(name, value, `an array of 1 to ${entriesMax} names of links`)
}

function integer(fields: Fields, name: string, max: number): number {
  const value = fields[name]
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= max)
    return value
  throw wrong(name, value, `an integer from 1 to ${max}`)
}

function oneOf<T extends string>(fields: Fields, name: string, allowed: readonly T[]): T {
  const value = fields[name]
  const found = allowed.find((one) => one === value)
  if (found !== undefined) return found
  throw wrong(name, value, allowed.join(', '))
}

function wrong(name: string, value: unknown, allowed: string): InputError {
  return new InputError(`${name}: got ${excerpt(value)}.`, {
    remedy: `Give ${allowed}.`,
  })
}
