import type { Static, TObject, TProperties } from 'typebox'

import type { Look } from '#chaos/contracts/look.ts'
import { excerpt } from '#chaos/lib/excerpt.ts'
import type { Random } from '#chaos/lib/random.ts'

import { cannotUnmarshal, readFields } from '../../http/fields.ts'
import { bad } from '../../http/go-json.ts'
import { DataPlaneError } from '../../plane/data-plane-error.ts'
import type { InspectedConnection, Inspector, Stream } from '../../plane/inspector.ts'
import type { Timers } from '../../time/timers.ts'

/**
 * A kind of toxic: one file in `toxics/` and one line in `toxics/index.ts`. No other file names the type. A toxic that
 * needs something special of the link asks for it with an optional hook.
 */
export interface ToxicKind<Schema extends TProperties> {
  readonly type: string
  /** One line for users: what happens to the bytes. */
  readonly description: string
  /** How the page draws a link that has this toxic. */
  readonly look: Look
  /** A few words beside the drawn link; the toxic's type when absent. */
  label?(attributes: Static<TObject<Schema>>): string
  /** Each attribute has a default and a description that names its unit. Validation and help come from this schema. */
  readonly attributes: TObject<Schema>
  /** Works on the bytes of one direction of one connection. A toxic has either this or `inspector`. */
  stage?(context: StageContext<Static<TObject<Schema>>>): Stage
  /** Reads the protocol in both directions of one connection; the toxic's `stream` has no meaning then. */
  inspector?(
    connection: InspectedConnection,
    context: InspectorToxicContext<Static<TObject<Schema>>>,
  ): Inspector
  /** Throws a {@link DataPlaneError} (400) for values that the schema allows and the toxic cannot use. */
  check?(attributes: Static<TObject<Schema>>): void
  /** By how many milliseconds the data plane connects later to the upstream; drawn once per connection. */
  connectDelayMs?(attributes: Static<TObject<Schema>>, random: Random): number
}

/** One toxic's work on one direction of one connection: it owns the chunks that it gets, and passes them on in order. */
export interface Stage {
  /** Absent: chunks pass at once. */
  chunk?(chunk: Buffer): void
  /** The source has sent its FIN. Absent: the end passes at once. */
  end?(): void
  /** The toxic's attributes have changed; the context already has the new ones. */
  update?(): void
  /**
   * The toxic is removed: pass on in order what is held. Afterwards bytes bypass the stage. If it returns `stay`, the
   * stage stays as long as the connection.
   */
  detach?(): 'stay' | void
  /** The connection is gone: cancel timers. */
  destroy?(): void
  /** True: the stage holds too many chunks, however small. The source is not read until some have left. */
  isFull?(): boolean
  /** The source is not read while more bytes than this are held; {@link stageLimitBytes} when absent. */
  readonly limitBytes?: number
  /** True: when one socket closes or fails, the data plane does not tell the other one. */
  readonly isolates?: boolean
}

/** The source of a direction is not read while it holds more bytes than this, unless a stage allows more. */
export const stageLimitBytes = 256 * 1024

/** What every toxic gets for one connection. */
interface ToxicContext<Values> {
  /** The current ones: they change when the toxic is updated. */
  readonly attributes: Values
  /** Depends on the seed, the link, the toxic's name and the connection's number on the link only. */
  readonly random: Random
  readonly timers: Timers
  /** FIN to both sides after what was already passed on. */
  close(): void
  /** RST to both sides now. */
  reset(): void
  /** Reports, once per connection, that this toxic changed something on it. */
  touch(): void
}

export interface StageContext<Values> extends ToxicContext<Values> {
  /** To the next stage, or to the other socket. */
  pass(chunk: Buffer): void
  passEnd(): void
  /** Accounts for bytes that will never be passed on. */
  drop(bytes: number): void
}

export interface InspectorToxicContext<Values> extends ToxicContext<Values> {
  /** Adds one to the toxic's counter, which all connections of its link share; returns 1 the first time. */
  count(): number
  /** `downstream` for replies, `upstream` for requests; only a toxic that can do both looks at it. */
  readonly stream: Stream
  /** State that all connections of the link share; made at the first call. */
  shared<State>(make: () => State): State
  /** Drops the state of the connection: both sides stay open, and each receives RST when it sends. */
  forget(): void
  /** Reports, once per link, that the toxic held a message and could not change anything. */
  missed(why: string): void
}

export type AnyToxicKind = ToxicKind<TProperties>

/** What the page writes beside a link that has this toxic. */
export function toxicLabel(kind: AnyToxicKind, attributes: Attributes): string {
  return kind.label?.(attributes) ?? kind.type.replaceAll('_', ' ')
}

/** Gives a toxic's literal its types. */
export function defineToxic<Schema extends TProperties>(
  kind: ToxicKind<Schema>,
): ToxicKind<Schema> {
  return kind
}

/** The attributes of a toxic on a link, by name. */
export type Attributes = Record<string, number | string | boolean>

/** The part of JSON Schema that attributes of toxics use. */
export interface AttributeSchema {
  readonly type?: 'integer' | 'number' | 'boolean' | 'string'
  readonly anyOf?: readonly { readonly const: string }[]
  readonly default?: number | string | boolean
  readonly minimum?: number
  readonly maximum?: number
  readonly maxLength?: number
  readonly description?: string
}

export function attributeSchemas(kind: AnyToxicKind): [string, AttributeSchema][] {
  return Object.entries(kind.attributes.properties as Record<string, AttributeSchema>)
}

/**
 * The attributes that a request gives, merged into those from before (the defaults at first). Throws an
 * {@link DataPlaneError} (400) with Toxiproxy's message for a value that the schema does not allow.
 */
export function mergeAttributes(
  kind: AnyToxicKind,
  given: unknown,
  before?: Attributes,
): Attributes {
  const struct = `${goName(kind.type)}.attributes`
  const fields = readFields(given ?? null, struct)
  const merged: Attributes = {}
  for (const [name, schema] of attributeSchemas(kind)) {
    const value = fields.raw(name) ?? before?.[name] ?? schema.default ?? 0
    merged[name] = checked(value, schema, `${struct}.${name}`, name)
  }
  kind.check?.(merged)
  return merged
}

function checked(
  value: unknown,
  schema: AttributeSchema,
  field: string,
  name: string,
): Attributes[string] {
  if (schema.anyOf !== undefined)
    return oneOf(
      value,
      schema.anyOf.map((one) => one.const),
      name,
    )
  if (schema.type === 'boolean') {
    if (typeof value !== 'boolean') throw bad(cannotUnmarshal(value, field, 'bool'))
    return value
  }
  if (schema.type === 'string') {
    if (typeof value !== 'string') throw bad(cannotUnmarshal(value, field, 'string'))
    const { maxLength = Infinity } = schema
    if (value.length > maxLength)
      throw new DataPlaneError(
        400,
        `attributes.${name}: must have at most ${maxLength} characters, got ${value.length}`,
      )
    return value
  }
  const goType = schema.type === 'integer' ? 'int64' : 'float64'
  if (typeof value !== 'number' || (schema.type === 'integer' && !Number.isSafeInteger(value)))
    throw bad(cannotUnmarshal(value, field, goType))
  const { minimum = -Infinity, maximum = Infinity } = schema
  if (value < minimum || value > maximum) {
    const bound = value < minimum ? `at least ${minimum}` : `at most ${maximum}`
    throw new DataPlaneError(400, `attributes.${name}: must be ${bound}, got ${value}`)
  }
  return value
}

function oneOf(value: unknown, allowed: readonly string[], name: string): string {
  if (typeof value === 'string' && allowed.includes(value)) return value
  const got = excerpt(value)
  throw new DataPlaneError(
    400,
    `attributes.${name}: must be one of ${allowed.join(', ')}, got ${got}`,
  )
}

/** `limit_data` is `LimitDataToxic` in Toxiproxy's messages. */
function goName(type: string): string {
  return `${type.replaceAll(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase())}Toxic`
}
