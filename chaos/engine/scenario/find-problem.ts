import { Ajv } from 'ajv'
import type { ErrorObject, ValidateFunction } from 'ajv'
import type { TSchema } from 'typebox'

/** What is wrong with a value, and where in it. */
export interface Problem {
  /** Keys from the outside in: `['method', '1', 'inject']`. */
  readonly path: readonly string[]
  /** As a sentence goes on after the path: `must be at least 0`. */
  readonly message: string
  readonly value: unknown
  /** A name that the schema does not know. */
  readonly unknown?: {
    /** `fault`, `check`, `key`: what the schema says that it names (`names`). */
    readonly thing: string
    readonly name: string
    readonly known: readonly string[]
    /** The name is a key, and not a value. */
    readonly isKey: boolean
  }
  /** What the schema says about the value. */
  readonly description?: string
}

/** What our schemas say beyond JSON Schema, for messages. */
interface Annotations {
  readonly description?: string
  readonly properties?: object
  /** What its keys or values name: `fault`. */
  readonly names?: string
  /** What fits its pattern, in words. */
  readonly wanted?: string
  readonly anyOf?: readonly { readonly const?: unknown }[]
}

const ajv = new Ajv({ allErrors: true, verbose: true, strict: false })
const compiled = new WeakMap<TSchema, ValidateFunction>()

/** The problem that a person should mend first, or null. Never changes the value. */
export function findProblem(schema: TSchema, value: unknown): Problem | null {
  const validate = compiled.get(schema) ?? ajv.compile(schema)
  compiled.set(schema, validate)
  if (validate(value)) return null
  // The branches of a choice say less than the choice itself.
  const errors = (validate.errors ?? []).filter(
    ({ keyword, schemaPath }) => keyword !== 'if' && !schemaPath.includes('/anyOf/'),
  )
  const [first] = errors.toSorted((a, b) => rank(a) - rank(b) || depth(a) - depth(b))
  return first === undefined ? null : toProblem(first)
}

/** A misspelt key explains a missing one, so it comes first; what is missing comes last. */
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
  const { limit, type = '', missingProperty, allowedValues } = error.params as Params
  switch (error.keyword) {
    case 'type':
      return `must be ${schema.wanted ?? typeWords[type] ?? type}`
    case 'pattern':
      return `must be ${schema.wanted ?? 'written in another way'}`
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
    case 'minItems':
    case 'minLength':
      return 'must not be empty'
    case 'minProperties':
    case 'maxProperties':
      return `must name exactly ${limit} ${schema.names ?? 'key'}`
    default:
      return error.message ?? 'is wrong'
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
