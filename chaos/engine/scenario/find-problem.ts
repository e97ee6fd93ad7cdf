import { Ajv } from 'ajv'
import type { ErrorObject, ValidateFunction } from 'ajv'
import type { TSchema } from 'typebox'

import { parseDuration } from '#chaos/lib/duration.ts'
import { excerpt } from '#chaos/lib/excerpt.ts'
import { parseRate } from '#chaos/lib/values.ts'

/** An error in a value, and its place. */
export interface Problem {
  /** Keys from the root to the place: `['method', '1', 'inject']`. */
  readonly path: readonly string[]
  /** The rest of a sentence that begins with the path: `must be at least 0`. */
  readonly message: string
  readonly value: unknown
  /** A name that the schema does not know. */
  readonly unknown?: {
    /** What the name stands for (`names` in the schema): `fault`, `check`, `key`. */
    readonly thing: string
    readonly name: string
    readonly known: readonly string[]
    /** Whether the name is a key; false: it is a value. */
    readonly isKey: boolean
  }
  /** The schema's description of the value. */
  readonly description?: string
}

/** Parts of the schemas that only error messages use. */
interface Annotations {
  readonly description?: string
  readonly properties?: object
  /** What the keys or values stand for: `fault`. */
  readonly names?: string
  /** A description of the values that match the pattern. */
  readonly wanted?: string
  readonly propertyNames?: { readonly wanted?: string }
  readonly durationAtMost?: string
  readonly pattern?: string
  readonly rateAtMost?: string
  readonly anyOf?: readonly { readonly const?: unknown }[]
}

// Without `addUsedSchema: false`, Ajv refuses a second schema with the same id, and every system has one.
const ajv = new Ajv({ allErrors: true, verbose: true, strict: false, addUsedSchema: false })
// Bounds of texts that mean a number. A text in another form is an error of `pattern`, so it has no value here.
ajv.addKeyword({
  keyword: 'durationAtMost',
  type: 'string',
  schemaType: 'string',
  // A clock may also be behind: the bound is the same in both directions.
  validate: (most: string, text: string) =>
    !(valueOf(parseDuration, text.replace(/^-/, '')) > parseDuration(most)),
})
ajv.addKeyword({
  keyword: 'rateAtMost',
  type: 'string',
  schemaType: 'string',
  validate: (most: string, text: string) => !(parseRate(text) > parseRate(most)),
})
const compiled = new WeakMap<TSchema, ValidateFunction>()

function valueOf(read: (text: string) => number, text: string): number {
  try {
    return read(text)
  } catch {
    return Number.NaN
  }
}

/** The error that the user should fix first; null: the value matches the schema. Never changes the value. */
export function findProblem(schema: TSchema, value: unknown): Problem | null {
  const validate = compiled.get(schema) ?? ajv.compile(schema)
  compiled.set(schema, validate)
  if (validate(value)) return null
  // Errors of the branches of a choice say less than the error of the choice itself.
  const errors = (validate.errors ?? []).filter(
    ({ keyword, schemaPath }) =>
      keyword !== 'if' &&
      !schemaPath.includes('/anyOf/') &&
      !schemaPath.includes('/propertyNames/'),
  )
  const [first] = errors.toSorted((a, b) => rank(a) - rank(b) || depth(a) - depth(b))
  return first === undefined ? null : toProblem(first)
}

/** An unknown key comes first and a missing key last: a misspelt key is often the missing one. */
function rank({ keyword }: ErrorObject): number {
  if (keyword === 'additionalProperties') return 0
  return keyword === 'required' ? 2 : 1
}

function depth({ instancePath }: ErrorObject): number {
  return instancePath.split('/').length
}

interface Params {
  readonly additionalProperty?: string
  readonly allowedValues?: readonly unknown[]
  readonly limit?: number
  readonly missingProperty?: string
  readonly propertyName?: string
  readonly type?: string
}

function toProblem(error: ErrorObject): Problem {
  const schema = (error.parentSchema ?? {}) as Annotations
  const value: unknown = error.data
  const params = error.params as Params
  const problem = {
    path: error.instancePath.split('/').slice(1).map(unescapePointer),
    message: messageOf(error, schema),
    value,
    ...(schema.description === undefined ? {} : { description: schema.description }),
  }
  const key = params.additionalProperty
  if (key !== undefined) {
    const known = Object.keys(schema.properties ?? {})
    const unknown = { thing: schema.names ?? 'key', name: key, known, isKey: true }
    return { ...problem, unknown, value: (value as Record<string, unknown>)[key] }
  }
  if (error.keyword === 'enum' && schema.names !== undefined) {
    const known = (params.allowedValues ?? []).map(String)
    return {
      ...problem,
      unknown: { thing: schema.names, name: String(value), known, isKey: false },
    }
  }
  return problem
}

const typeWords: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  integer: 'a whole number',
  number: 'a number',
  object: 'a mapping of keys to values',
  string: 'a text',
}

function messageOf(error: ErrorObject, schema: Annotations): string {
  const { limit, type = '', missingProperty, propertyName, allowedValues } = error.params as Params
  switch (error.keyword) {
    case 'type':
      return `must be ${schema.wanted ?? typeWords[type] ?? type}`
    case 'pattern':
      return `must be ${schema.wanted ?? 'written in another form'}`
    case 'required':
      return `needs "${missingProperty}"`
    case 'minimum':
      return limit === 0 ? 'must not be negative' : `must be at least ${limit}`
    case 'maximum':
      return `must be at most ${limit}`
    case 'exclusiveMinimum':
      return `must be more than ${limit}`
    case 'enum':
      return `must be ${schema.wanted ?? `one of ${allowedValues?.join(', ')}`}`
    case 'anyOf':
      return `must be ${choice(schema)}`
    case 'durationAtMost':
      return `must be from ${schema.pattern?.startsWith('^-') === true ? `-${schema.durationAtMost}` : '0s'} to ${schema.durationAtMost}`
    case 'rateAtMost':
      return `must be from 0/s to ${schema.rateAtMost}`
    case 'minItems':
    case 'minLength':
      return 'must not be empty'
    case 'maxLength':
      return `must have at most ${limit} characters`
    case 'maxItems':
      return `must have at most ${limit} entries`
    case 'minProperties':
    case 'maxProperties':
      return limit === 1
        ? `must name exactly ${limit} ${schema.names ?? 'key'}`
        : `must have at most ${limit} keys`
    case 'propertyNames':
      return `has the key ${excerpt(propertyName)}, which must be ${schema.propertyNames?.wanted ?? 'written in another form'}`
    default:
      return error.message ?? 'is not valid'
  }
}

function choice({ anyOf = [], wanted }: Annotations): string {
  const constants = anyOf.map((branch) => branch.const)
  return constants.includes(undefined)
    ? (wanted ?? 'something else')
    : `one of ${constants.join(', ')}`
}

function unescapePointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~')
}
